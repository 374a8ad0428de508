// The exact GELU; normal_cdf is in normal_distribution.wgsl.
fn activate(value: f32, at: u32) -> f32 {
  return value * normal_cdf(value);
}
