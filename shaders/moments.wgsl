// Mean of the row of x that begins at `base`, and 1 / sqrt(variance + EPSILON); every lane gets both. The variance is
// taken in a second pass about the mean: E[x^2] - mean^2 would cancel.
fn moments(base: u32, lane: u32) -> vec2f {
  var total = 0.0;
  for (var column = lane; column < COLUMNS; column += LANES) {
    total += x[base + column * X_STRIDE];
  }
  let mean = sum_over_lanes(total, lane) / f32(COLUMNS);

  var squares = 0.0;
  for (var column = lane; column < COLUMNS; column += LANES) {
    let centred = x[base + column * X_STRIDE] - mean;
    squares += centred * centred;
  }
  let variance = sum_over_lanes(squares, lane) / f32(COLUMNS);
  return vec2f(mean, 1.0 / sqrt(variance + EPSILON));
}
