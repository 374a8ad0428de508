// A product by tiles: each workgroup computes one, by `compute_tile`.
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  compute_tile(locate_member(group.z), group.y * ROWS, group.x * LANES * 4u, lane);
}
