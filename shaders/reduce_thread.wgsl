// Folds sets of elements, one thread a set: for many small sets. `start`, `combine` and `finish` are one of
// reductions/. Constants: GROUPS, MEMBERS, WIDTH (threads in x), RANK, KEPT_* and FOLDED_* (shape and strides),
// X_OFFSET, OUTPUT_OFFSET.
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let index = id.x + id.y * WIDTH;
  if (index >= GROUPS) {
    return;
  }
  let base = X_OFFSET + locate(index, KEPT_SHAPE, KEPT_STRIDES);
  var result = start(x[base]);
  for (var member = 0u; member < MEMBERS; member++) {
    result = combine(result, x[base + locate(member, FOLDED_SHAPE, FOLDED_STRIDES)]);
  }
  output[OUTPUT_OFFSET + index] = finish(result);
}
