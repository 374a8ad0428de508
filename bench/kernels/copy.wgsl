// Moves COUNT vectors of four from one buffer to another, VECTORS of them a lane, and does nothing else. Neighbouring
// lanes move neighbouring vectors.
@group(0) @binding(0) var<storage, read> source: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> target_: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let first = group.x * 64u * VECTORS + lane;
  for (var i = 0u; i < VECTORS; i++) {
    let at = first + i * 64u;
    if (at < COUNT) {
      target_[at] = source[at];
    }
  }
}
