// What is added to a finished result; `at` is where its element lies.
@group(0) @binding(4) var<storage, read> residual: array<f32>;

fn add_residual(value: f32, at: u32) -> f32 {
  return value + residual[at];
}
