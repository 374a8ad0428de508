// Matrix product for GPUs: a workgroup computes a tile of the output, LANES_Y * ROWS rows by LANES_X * 4 columns, each lane
// ROWS rows by 4 columns of it. STEP rows of the right operand and columns of the left one at a time are read into
// workgroup memory, once for all lanes, beyond the edges as zeros. Products are added up in runs of STEP, as in
// matmul.wgsl.
// `store` is in product.wgsl. Constants: LANES_X, LANES_Y, ROWS, and LEFT_ALONG_K, RIGHT_ALONG_K: whether neighbours along
// k lie together, for lanes that follow each other are to read what lies together.
const STEP: u32 = 16u;
const LANES: u32 = LANES_X * LANES_Y;
const TILE_ROWS: u32 = LANES_Y * ROWS;
const TILE_COLUMNS: u32 = LANES_X * 4u;

@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

// By k, then by row or column.
var<workgroup> left: array<f32, STEP * TILE_ROWS>;
var<workgroup> right: array<vec4f, STEP * LANES_X>;

@compute @workgroup_size(LANES_X, LANES_Y)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tile_row = group.y * TILE_ROWS;
  let tile_column = group.x * TILE_COLUMNS;
  let own_row = lane / LANES_X * ROWS;
  let own_vector = lane % LANES_X;
  let member = locate_member(group.z);

  var sums: array<vec4f, ROWS>;
  for (var start = 0u; start < product.k; start += STEP) {
    for (var i = lane; i < STEP * TILE_ROWS; i += LANES) {
      let k = select(i / TILE_ROWS, i % STEP, LEFT_ALONG_K);
      let row = select(i % TILE_ROWS, i / STEP, LEFT_ALONG_K);
      left[k * TILE_ROWS + row] = load_left(member.a, tile_row + row, start + k);
    }
    for (var i = lane; i < STEP * LANES_X; i += LANES) {
      let k = select(i / LANES_X, i % STEP, RIGHT_ALONG_K);
      let vector = select(i % LANES_X, i / STEP, RIGHT_ALONG_K);
      right[k * LANES_X + vector] = load_right(member.b, start + k, tile_column + vector * 4u);
    }
    workgroupBarrier();
    // Dawn's compiler zeroes what is declared without a value in a loop once only.
    var parts = array<vec4f, ROWS>();
    for (var k = 0u; k < STEP; k++) {
      let columns = right[k * LANES_X + own_vector];
      for (var i = 0u; i < ROWS; i++) {
        parts[i] += left[k * TILE_ROWS + own_row + i] * columns;
      }
    }
    for (var i = 0u; i < ROWS; i++) {
      sums[i] += parts[i];
    }
    workgroupBarrier();
  }

  let column = tile_column + own_vector * 4u;
  for (var i = 0u; i < ROWS; i++) {
    let row = tile_row + own_row + i;
    for (var j = 0u; j < 4u; j++) {
      if (row < product.m && column + j < product.n) {
        store(member, row, column + j, sums[i][j]);
      }
    }
  }
}

fn load_left(matrix: u32, row: u32, k: u32) -> f32 {
  if (row >= product.m || k >= product.k) {
    return 0.0;
  }
  return a[matrix + row * product.a_row + k * product.a_column];
}

fn load_right(matrix: u32, k: u32, column: u32) -> vec4f {
  var columns = vec4f();
  if (k < product.k) {
    for (var j = 0u; j < min(4u, product.n - min(column, product.n)); j++) {
      columns[j] = b[matrix + k * product.b_row + (column + j) * product.b_column];
    }
  }
  return columns;
}
