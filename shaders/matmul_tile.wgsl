// A product by tiles of 4 by 4: each lane computes one, by `compute_tile` of matmul.wgsl.
@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y * 4u;
  let column = id.x * 4u;
  if (row >= M || column >= N) {
    return;
  }
  for (var batch = id.z; batch < BATCH; batch += GROUPS_Z) {
    compute_tile(batch, row, column);
  }
}
