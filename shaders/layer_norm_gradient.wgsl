// Gradient of layer norm with respect to its input, one workgroup a row. With u = g * weight and
// z = (x - mean) / deviation: (u - mean(u) - z * mean(u * z)) / deviation. Mean and deviation are
// computed anew by moments.wgsl, not kept from the forward pass. `add_residual` is in epilogues/.
// Constants: as softmax_gradient.wgsl for X, WEIGHT, G and RESIDUAL, and EPSILON.
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.x + group.y * WIDTH;
  if (row >= ROWS) {
    return;
  }
  let x_base = X_OFFSET + locate(row, ROW_SHAPE, X_ROW_STRIDES);
  let g_base = G_OFFSET + locate(row, ROW_SHAPE, G_ROW_STRIDES);
  let residual_base = RESIDUAL_OFFSET + locate(row, ROW_SHAPE, RESIDUAL_ROW_STRIDES);

  let row_moments = moments(x_base, lane);
  let mean = row_moments.x;
  let scale = row_moments.y;

  var sum_u = 0.0;
  var sum_uz = 0.0;
  for (var column = lane; column < COLUMNS; column += LANES) {
    let u = g[g_base + column * G_STRIDE] * weight[WEIGHT_OFFSET + column * WEIGHT_STRIDE];
    sum_u += u;
    sum_uz += u * (x[x_base + column * X_STRIDE] - mean) * scale;
  }
  let mean_u = sum_over_lanes(sum_u, lane) / f32(COLUMNS);
  let mean_uz = sum_over_lanes(sum_uz, lane) / f32(COLUMNS);

  for (var column = lane; column < COLUMNS; column += LANES) {
    let u = g[g_base + column * G_STRIDE] * weight[WEIGHT_OFFSET + column * WEIGHT_STRIDE];
    let z = (x[x_base + column * X_STRIDE] - mean) * scale;
    let gradient = (u - mean_u - z * mean_uz) * scale;
    output[OUTPUT_OFFSET + row * COLUMNS + column] = add_residual(gradient, residual_base + column * RESIDUAL_STRIDE);
  }
}
