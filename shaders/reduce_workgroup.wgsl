// Folds sets of elements, one workgroup a set: for few large sets. Same functions and constants as
// reduce_thread.wgsl, but WIDTH counts workgroups. Partial results of the lanes are joined in a tree, which also
// keeps the rounding error of long sums small.
const LANES: u32 = 64u;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> output: array<f32>;

var<workgroup> partial: array<f32, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let index = group.x + group.y * WIDTH;
  if (index >= GROUPS) {
    return;
  }
  let base = X_OFFSET + locate(index, KEPT_SHAPE, KEPT_STRIDES);
  var result = start(x[base]);
  for (var member = lane; member < MEMBERS; member += LANES) {
    result = combine(result, x[base + locate(member, FOLDED_SHAPE, FOLDED_STRIDES)]);
  }
  partial[lane] = result;
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      partial[lane] = combine(partial[lane], partial[lane + half]);
    }
  }
  if (lane == 0u) {
    output[OUTPUT_OFFSET + index] = finish(partial[0]);
  }
}
