// y * (g - sum(y * g)) over the last axis, one workgroup a row. Constants: LANES, ROWS, COLUMNS, WIDTH (workgroups in x),
// RANK, ROW_SHAPE, Y_* and G_* (offset, row strides, stride within a row), OUTPUT_OFFSET.
@group(0) @binding(0) var<storage, read> y: array<f32>;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.x + group.y * WIDTH;
  if (row >= ROWS) {
    return;
  }
  let y_base = Y_OFFSET + locate(row, ROW_SHAPE, Y_ROW_STRIDES);
  let g_base = G_OFFSET + locate(row, ROW_SHAPE, G_ROW_STRIDES);
  var total = 0.0;
  for (var column = lane; column < COLUMNS; column += LANES) {
    total += y[y_base + column * Y_STRIDE] * g[g_base + column * G_STRIDE];
  }
  total = sum_over_lanes(total, lane);
  for (var column = lane; column < COLUMNS; column += LANES) {
    output[OUTPUT_OFFSET + row * COLUMNS + column] =
      y[y_base + column * Y_STRIDE] * (g[g_base + column * G_STRIDE] - total);
  }
}
