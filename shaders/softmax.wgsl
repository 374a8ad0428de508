// softmax over the last axis, one workgroup a row: maximum, exponentials and their sum, division.
// Constants: LANES, ROWS, COLUMNS, WIDTH (workgroups in x), RANK, ROW_SHAPE, X_OFFSET, X_ROW_STRIDES, X_STRIDE,
// OUTPUT_OFFSET.
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.x + group.y * WIDTH;
  if (row >= ROWS) {
    return;
  }
  let base = X_OFFSET + locate(row, ROW_SHAPE, X_ROW_STRIDES);
  let target_base = OUTPUT_OFFSET + row * COLUMNS;

  var highest = x[base];
  for (var column = lane; column < COLUMNS; column += LANES) {
    highest = max(highest, x[base + column * X_STRIDE]);
  }
  highest = max_over_lanes(highest, lane);

  var total = 0.0;
  for (var column = lane; column < COLUMNS; column += LANES) {
    let value = exp(x[base + column * X_STRIDE] - highest);
    output[target_base + column] = value;
    total += value;
  }
  total = sum_over_lanes(total, lane);

  // Each lane reads back only what it wrote itself.
  for (var column = lane; column < COLUMNS; column += LANES) {
    output[target_base + column] /= total;
  }
}
