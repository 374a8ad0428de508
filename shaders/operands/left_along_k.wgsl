// The left operand, where four neighbours along k lie together and begin at a multiple of four: one address serves
// them all.
@group(0) @binding(0) var<storage, read> a: array<vec4f>;

// Four elements from k on, of the row that begins at `row`.
fn load_left(row: u32, k: u32) -> vec4f {
  return a[(row + k) / 4u];
}

fn load_left_element(row: u32, k: u32) -> f32 {
  return a[(row + k) / 4u][(row + k) % 4u];
}
