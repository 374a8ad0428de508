// Matrix product for software adapters with subgroups of 4: as matmul_octets.wgsl, but 8 rows by 16 columns.
const CHUNK: u32 = 64u;

@group(0) @binding(2) var<storage, read_write> output: array<f32>;

const LANES: u32 = 4u;
const ROWS: u32 = 8u;

// Eight rows from `row` on, by 16 columns from `tile_column` on.
fn compute_tile(member: Member, row: u32, tile_column: u32, lane: u32) {
  let column = tile_column + lane * 4u;
  // Beyond the edge the last row and column are repeated.
  let a_row0 = member.a + min(row + lane, product.m - 1u) * product.a_row;
  let a_row1 = member.a + min(row + 4u + lane, product.m - 1u) * product.a_row;
  let columns = min(vec4u(column) + vec4u(0u, 1u, 2u, 3u), vec4u(product.n - 1u));
  let b_columns = member.b + columns * product.b_column;

  var sum0 = vec4f();
  var sum1 = vec4f();
  var sum2 = vec4f();
  var sum3 = vec4f();
  var sum4 = vec4f();
  var sum5 = vec4f();
  var sum6 = vec4f();
  var sum7 = vec4f();
  let whole = product.k & ~3u;
  for (var start = 0u; start < whole; start += CHUNK) {
    let end = min(start + CHUNK, whole);
    var part0 = vec4f();
    var part1 = vec4f();
    var part2 = vec4f();
    var part3 = vec4f();
    var part4 = vec4f();
    var part5 = vec4f();
    var part6 = vec4f();
    var part7 = vec4f();
    for (var k = start; k < end; k += 4u) {
      let right = load_right(b_columns, k);
      let left0 = load_left(a_row0, k);
      part0 += right * quadBroadcast(left0, 0u);
      part1 += right * quadBroadcast(left0, 1u);
      part2 += right * quadBroadcast(left0, 2u);
      part3 += right * quadBroadcast(left0, 3u);
      let left1 = load_left(a_row1, k);
      part4 += right * quadBroadcast(left1, 0u);
      part5 += right * quadBroadcast(left1, 1u);
      part6 += right * quadBroadcast(left1, 2u);
      part7 += right * quadBroadcast(left1, 3u);
    }
    sum0 += part0;
    sum1 += part1;
    sum2 += part2;
    sum3 += part3;
    sum4 += part4;
    sum5 += part5;
    sum6 += part6;
    sum7 += part7;
  }
  if (TAIL) {
    for (var k = whole; k < product.k; k++) {
      let right = load_right_row(b_columns, k);
      let left0 = load_left_element(a_row0, k);
      sum0 += right * quadBroadcast(left0, 0u);
      sum1 += right * quadBroadcast(left0, 1u);
      sum2 += right * quadBroadcast(left0, 2u);
      sum3 += right * quadBroadcast(left0, 3u);
      let left1 = load_left_element(a_row1, k);
      sum4 += right * quadBroadcast(left1, 0u);
      sum5 += right * quadBroadcast(left1, 1u);
      sum6 += right * quadBroadcast(left1, 2u);
      sum7 += right * quadBroadcast(left1, 3u);
    }
  }

  var sums = array(
    sum0, sum1, sum2, sum3, sum4, sum5, sum6, sum7,
  );
  let rows = min(ROWS, product.m - row);
  for (var i = 0u; i < rows; i++) {
    for (var j = 0u; j < 4u && column + j < product.n; j++) {
      store(member, row + i, column + j, sums[i][j]);
    }
  }
}
