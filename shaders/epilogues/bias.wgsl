// The product's bias; `at` is where the column's lies.
@group(0) @binding(3) var<storage, read> bias: array<f32>;

fn add_bias(value: f32, at: u32) -> f32 {
  return value + bias[at];
}
