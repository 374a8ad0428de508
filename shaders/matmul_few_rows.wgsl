// Matrix product of few rows for software adapters: each lane computes 4 columns of one row. It sums in the order of
// matmul_octets.wgsl and matmul_quads.wgsl, so that a row has the same bits whether it is computed alone or with others.
// `load_left` and `load_right` are in operands/, `store` is in product.wgsl. Constants: TAIL, as there.
const CHUNK: u32 = 64u;

@group(0) @binding(2) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y;
  let column = id.x * 4u;
  if (column >= product.n) {
    return;
  }
  let member = locate_member(id.z);
  let a_row = member.a + row * product.a_row;
  // Beyond the edge the last column is repeated.
  let columns = min(vec4u(column) + vec4u(0u, 1u, 2u, 3u), vec4u(product.n - 1u));
  let b_columns = member.b + columns * product.b_column;

  var sum = vec4f();
  let whole = product.k & ~3u;
  for (var start = 0u; start < whole; start += CHUNK) {
    let end = min(start + CHUNK, whole);
    var part = vec4f();
    for (var k = start; k < end; k += 4u) {
      part += load_right(b_columns, k) * load_left(a_row, k);
    }
    sum += part;
  }
  if (TAIL) {
    for (var k = whole; k < product.k; k++) {
      sum += load_right_row(b_columns, k) * load_left_element(a_row, k);
    }
  }
  for (var j = 0u; j < 4u && column + j < product.n; j++) {
    store(member, row, column + j, sum[j]);
  }
}
