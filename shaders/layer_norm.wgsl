// Layer norm over the last axis, one workgroup a row; `moments` is in moments.wgsl. Constants: as softmax.wgsl, and
// EPSILON, WEIGHT_OFFSET, WEIGHT_STRIDE, BIAS_OFFSET, BIAS_STRIDE.
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.x + group.y * WIDTH;
  if (row >= ROWS) {
    return;
  }
  let base = X_OFFSET + locate(row, ROW_SHAPE, X_ROW_STRIDES);

  let row_moments = moments(base, lane);
  let mean = row_moments.x;
  let scale = row_moments.y;

  for (var column = lane; column < COLUMNS; column += LANES) {
    let normal = (x[base + column * X_STRIDE] - mean) * scale;
    output[OUTPUT_OFFSET + row * COLUMNS + column] =
      normal * weight[WEIGHT_OFFSET + column * WEIGHT_STRIDE] + bias[BIAS_OFFSET + column * BIAS_STRIDE];
  }
}
