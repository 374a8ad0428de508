// The normal distribution function, 1/2 + x P(x^2) / Q(x^2): our own fit of degrees 5 and 5 for |x| <= 5.6, beyond which
// it is 0 or 1. The same formula and coefficients stand in native/src/kernels/functions.inl. The fit's error is below
// 1e-8; in float32 the absolute error is below 2e-7. What is not a number may be lost: callers multiply with x.
fn normal_cdf(x: f32) -> f32 {
  let bounded = clamp(x, -5.6, 5.6);
  let z = bounded * bounded;
  var p: f32 = 2.2145190570199702e-8;
  p = p * z + 6.356497578963172e-6;
  p = p * z + 1.7384989769197e-4;
  p = p * z + 4.707254469394684e-3;
  p = p * z + 3.437605872750282e-2;
  p = p * z + 3.98942232131958e-1;
  var q: f32 = 1.1802057997556403e-6;
  q = q * z + 7.510149589506909e-5;
  q = q * z + 1.9129739375784993e-3;
  q = q * z + 2.8940055519342422e-2;
  q = q * z + 2.528337240219116e-1;
  q = q * z + 1.0;
  // Exactly 0, because x may be as large as it likes and is multiplied with this.
  return select(0.5 + bounded * (p / q), 0.0, x < -5.5);
}

fn normal_density(x: f32) -> f32 {
  return 0.39894228040143268 * exp(-0.5 * x * x);
}
