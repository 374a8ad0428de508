// The left operand, wherever it lies.
@group(0) @binding(0) var<storage, read> a: array<f32>;

// Four elements from k on, of the row that begins at `row`.
fn load_left(row: u32, k: u32) -> vec4f {
  let step = product.a_column;
  let at = row + k * step;
  return vec4f(a[at], a[at + step], a[at + 2u * step], a[at + 3u * step]);
}

fn load_left_element(row: u32, k: u32) -> f32 {
  return a[row + k * product.a_column];
}
