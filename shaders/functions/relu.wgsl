// NaN is not less than 0 and stays NaN; max(x, 0.0) might lose it.
fn apply(x: f32) -> f32 {
  return select(x, 0.0, x < 0.0);
}
