// The logistic function, without the exponential of a large number. Its lower tail keeps its relative accuracy.
fn sigmoid(x: f32) -> f32 {
  let e = exp(-abs(x));
  return select(1.0, e, x < 0.0) / (1.0 + e);
}
