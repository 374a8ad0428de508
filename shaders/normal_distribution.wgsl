// The normal distribution function: exp(-y * y / 2) P(y) / Q(y) at -y, for y >= 0, and 1 less that at y. P and Q are our
// own fit of degrees 4 and 5, relative error below 6e-9 up to y = 14, where float32 ends; the same formula and
// coefficients stand in native/src/kernels/functions.inl. In float32 the absolute error is below 2e-7, and the lower tail
// keeps its relative accuracy.
fn normal_cdf(x: f32) -> f32 {
  let y = min(abs(x), 20.0);
  var p: f32 = 4.077608697116375e-3;
  p = p * y + 4.0372561663389206e-2;
  p = p * y + 1.8246188759803772e-1;
  p = p * y + 4.372510313987732e-1;
  p = p * y + 0.5;
  var q: f32 = 1.0220920667052269e-2;
  q = q * y + 1.0120581835508347e-1;
  q = q * y + 4.674292504787445e-1;
  q = q * y + 1.1992909908294678;
  q = q * y + 1.6723870038986206;
  q = q * y + 1.0;
  let tail = exp(-0.5 * x * x) * p / q;
  return select(1.0 - tail, tail, x < 0.0);
}

fn normal_density(x: f32) -> f32 {
  return 0.39894228040143268 * exp(-0.5 * x * x);
}
