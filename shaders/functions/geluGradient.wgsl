// a is the input of the GELU, b the gradient with respect to its output.
fn apply(a: f32, b: f32) -> f32 {
  return b * (normal_cdf(a) + a * normal_density(a));
}
