// The right operand, wherever it lies.
@group(0) @binding(1) var<storage, read> b: array<f32>;

// Four rows from k on, of the columns that begin at `columns`.
fn load_right(columns: vec4u, k: u32) -> mat4x4f {
  return mat4x4f(
    load_right_row(columns, k),
    load_right_row(columns, k + 1u),
    load_right_row(columns, k + 2u),
    load_right_row(columns, k + 3u),
  );
}

fn load_right_row(columns: vec4u, k: u32) -> vec4f {
  let at = columns + k * product.b_row;
  return vec4f(b[at.x], b[at.y], b[at.z], b[at.w]);
}
