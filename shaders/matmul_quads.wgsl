// Matrix product for software adapters with subgroups of 4: as matmul_octets.wgsl, but 16 rows by 16 columns.
const CHUNK: u32 = 64u;

@group(0) @binding(2) var<storage, read_write> output: array<f32>;

const LANES: u32 = 4u;
const ROWS: u32 = 16u;

// Sixteen rows from `row` on, by 16 columns from `tile_column` on.
fn compute_tile(member: Member, row: u32, tile_column: u32, lane: u32) {
  let column = tile_column + lane * 4u;
  // Beyond the edge the last row and column are repeated.
  let a_row0 = member.a + min(row + lane, product.m - 1u) * product.a_row;
  let a_row1 = member.a + min(row + 4u + lane, product.m - 1u) * product.a_row;
  let a_row2 = member.a + min(row + 8u + lane, product.m - 1u) * product.a_row;
  let a_row3 = member.a + min(row + 12u + lane, product.m - 1u) * product.a_row;
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
  var sum8 = vec4f();
  var sum9 = vec4f();
  var sum10 = vec4f();
  var sum11 = vec4f();
  var sum12 = vec4f();
  var sum13 = vec4f();
  var sum14 = vec4f();
  var sum15 = vec4f();
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
    var part8 = vec4f();
    var part9 = vec4f();
    var part10 = vec4f();
    var part11 = vec4f();
    var part12 = vec4f();
    var part13 = vec4f();
    var part14 = vec4f();
    var part15 = vec4f();
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
      let left2 = load_left(a_row2, k);
      part8 += right * quadBroadcast(left2, 0u);
      part9 += right * quadBroadcast(left2, 1u);
      part10 += right * quadBroadcast(left2, 2u);
      part11 += right * quadBroadcast(left2, 3u);
      let left3 = load_left(a_row3, k);
      part12 += right * quadBroadcast(left3, 0u);
      part13 += right * quadBroadcast(left3, 1u);
      part14 += right * quadBroadcast(left3, 2u);
      part15 += right * quadBroadcast(left3, 3u);
    }
    sum0 += part0;
    sum1 += part1;
    sum2 += part2;
    sum3 += part3;
    sum4 += part4;
    sum5 += part5;
    sum6 += part6;
    sum7 += part7;
    sum8 += part8;
    sum9 += part9;
    sum10 += part10;
    sum11 += part11;
    sum12 += part12;
    sum13 += part13;
    sum14 += part14;
    sum15 += part15;
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
      let left2 = load_left_element(a_row2, k);
      sum8 += right * quadBroadcast(left2, 0u);
      sum9 += right * quadBroadcast(left2, 1u);
      sum10 += right * quadBroadcast(left2, 2u);
      sum11 += right * quadBroadcast(left2, 3u);
      let left3 = load_left_element(a_row3, k);
      sum12 += right * quadBroadcast(left3, 0u);
      sum13 += right * quadBroadcast(left3, 1u);
      sum14 += right * quadBroadcast(left3, 2u);
      sum15 += right * quadBroadcast(left3, 3u);
    }
  }

  var sums = array(
    sum0, sum1, sum2, sum3, sum4, sum5, sum6, sum7, sum8, sum9, sum10, sum11, sum12, sum13, sum14, sum15,
  );
  let rows = min(ROWS, product.m - row);
  for (var i = 0u; i < rows; i++) {
    for (var j = 0u; j < 4u && column + j < product.n; j++) {
      store(member, row + i, column + j, sums[i][j]);
    }
  }
}
