// The right operand, where four neighbours along a row lie together and begin at a multiple of four.
@group(0) @binding(1) var<storage, read> b: array<vec4f>;

// Four rows from k on, of the columns that begin at `columns`.
fn load_right(columns: vec4u, k: u32) -> mat4x4f {
  let at = (columns.x + k * product.b_row) / 4u;
  let step = product.b_row / 4u;
  return mat4x4f(b[at], b[at + step], b[at + 2u * step], b[at + 3u * step]);
}

fn load_right_row(columns: vec4u, k: u32) -> vec4f {
  return b[(columns.x + k * product.b_row) / 4u];
}
