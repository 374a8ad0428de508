// As largest_mask.wgsl, each element for itself, one thread an element: it goes if fewer than DISCARDED go before it. For rows so
// short that counting those takes less than the passes of a selection, and drivers less to compile it.
// Constants: DISCARDED, SIZE, COLUMNS, WIDTH (threads in x), RANK, ROW_SHAPE, X_OFFSET, X_ROW_STRIDES, X_STRIDE, OUTPUT_OFFSET.
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let index = id.x + id.y * WIDTH;
  if (index >= SIZE) {
    return;
  }
  let column = index % COLUMNS;
  let base = X_OFFSET + locate(index / COLUMNS, ROW_SHAPE, X_ROW_STRIDES);
  let own = ordered(x[base + column * X_STRIDE]);
  var before = 0u;
  for (var other = 0u; other < COLUMNS; other++) {
    let key = ordered(x[base + other * X_STRIDE]);
    before += select(0u, 1u, key < own || (key == own && other < column));
  }
  output[OUTPUT_OFFSET + index] = select(1.0, 0.0, before < DISCARDED);
}
