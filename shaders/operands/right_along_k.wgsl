// The right operand, where four neighbours along k lie together and begin at a multiple of four, as in the weights of
// a linear layer.
@group(0) @binding(1) var<storage, read> b: array<vec4f>;

// Four rows from k on, of the columns that begin at `columns`.
fn load_right(columns: vec4u, k: u32) -> mat4x4f {
  let at = (columns + k) / 4u;
  return transpose(mat4x4f(b[at.x], b[at.y], b[at.z], b[at.w]));
}

fn load_right_row(columns: vec4u, k: u32) -> vec4f {
  let at = columns + k;
  let place = k % 4u;
  return vec4f(b[at.x / 4u][place], b[at.y / 4u][place], b[at.z / 4u][place], b[at.w / 4u][place]);
}
