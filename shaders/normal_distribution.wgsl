// The normal distribution, by erfc: erfc(y) = t * exp(P(u) - y * y) for y >= 0, with t = 2 / (2 + y) and u the range
// of t for y in [0, 9.5] mapped to [-1, 1]. P is our own fit of degree 12; the same coefficients stand in
// src/backends/reference/functions.ts. Absolute error of normal_cdf below 2e-7.
fn erfc(y: f32) -> f32 {
  let t = 2.0 / (2.0 + y);
  let u = t * 2.4210526315789473 - 1.4210526315789471;
  var p: f32 = 0.00000460230403181;
  p = p * u - 0.0000038036313684;
  p = p * u - 0.0000353835795562;
  p = p * u + 0.000059625468177;
  p = p * u + 0.000142015498678;
  p = p * u - 0.000505045107031;
  p = p * u - 0.000301671660408;
  p = p * u + 0.00353944090778;
  p = p * u - 0.000852058054534;
  p = p * u - 0.0287418231699;
  p = p * u + 0.0147163142916;
  p = p * u + 0.565612774347;
  p = p * u - 0.553634987437;
  return t * exp(p - y * y);
}

fn normal_cdf(x: f32) -> f32 {
  let tail = 0.5 * erfc(abs(x) * 0.70710678118654752);
  return select(1.0 - tail, tail, x < 0.0);
}

fn normal_density(x: f32) -> f32 {
  return 0.39894228040143268 * exp(-0.5 * x * x);
}
