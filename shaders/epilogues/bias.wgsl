// Constants: BIAS_OFFSET, BIAS_STRIDE.
@group(0) @binding(3) var<storage, read> bias: array<f32>;

fn epilogue(value: f32, column: u32) -> f32 {
  return value + bias[BIAS_OFFSET + column * BIAS_STRIDE];
}
