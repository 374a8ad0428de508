// The product is a gradient with respect to gelu(x): goes on to the one with respect to x, whose element lies at `at`.
@group(0) @binding(5) var<storage, read> x: array<f32>;

fn activate(value: f32, at: u32) -> f32 {
  return value * (normal_cdf(x[at]) + x[at] * normal_density(x[at]));
}
