fn apply(x: f32) -> f32 {
  return normal_cdf(x);
}
