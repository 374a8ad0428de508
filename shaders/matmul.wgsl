// Matrix product of two strided operands. Each lane keeps a tile of 4 rows by 4 columns in registers and reads
// its operands directly: no workgroup memory, no barriers, which is what software adapters run best.
// Products are added up in runs of RUN, and the runs' sums after that: the rounding error then grows with
// K / RUN + RUN instead of K, which halves the error of DeiT's attention.
// The functions of the epilogue are in epilogues/, what calls `compute_tile` is in matmul_tile.wgsl and matmul_softmax.wgsl.
// Constants: M, K, N, BATCH, GROUPS_Z, RANK, BATCH_SHAPE, SCALE, A_*, B_*, OUTPUT_*, RESIDUAL_* and X_* (offset, batch
// strides, and strides of their two axes), BIAS_OFFSET, BIAS_STRIDE.
const RUN: u32 = 16u;

@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

// Four rows from `row` on, by four columns from `column` on.
fn compute_tile(batch: u32, row: u32, column: u32) {
  // Lanes at the edge repeat the last row and column instead of reading beyond them.
  let rows = min(vec4u(row) + vec4u(0u, 1u, 2u, 3u), vec4u(M - 1u));
  let columns = min(vec4u(column) + vec4u(0u, 1u, 2u, 3u), vec4u(N - 1u));
  var a_at = A_OFFSET + locate(batch, BATCH_SHAPE, A_BATCH_STRIDES) + rows * A_ROW_STRIDE;
  var b_at = B_OFFSET + locate(batch, BATCH_SHAPE, B_BATCH_STRIDES) + columns * B_COLUMN_STRIDE;
  var sum0 = vec4f();
  var sum1 = vec4f();
  var sum2 = vec4f();
  var sum3 = vec4f();
  for (var start = 0u; start < K; start += RUN) {
    var part0 = vec4f();
    var part1 = vec4f();
    var part2 = vec4f();
    var part3 = vec4f();
    for (var k = start; k < min(start + RUN, K); k++) {
      let right = vec4f(b[b_at.x], b[b_at.y], b[b_at.z], b[b_at.w]);
      part0 += a[a_at.x] * right;
      part1 += a[a_at.y] * right;
      part2 += a[a_at.z] * right;
      part3 += a[a_at.w] * right;
      a_at += A_COLUMN_STRIDE;
      b_at += B_ROW_STRIDE;
    }
    sum0 += part0;
    sum1 += part1;
    sum2 += part2;
    sum3 += part3;
  }
  store(batch, row, column, sum0);
  store(batch, row + 1u, column, sum1);
  store(batch, row + 2u, column, sum2);
  store(batch, row + 3u, column, sum3);
}

fn store(batch: u32, row: u32, column: u32, values: vec4f) {
  if (row >= M) {
    return;
  }
  let output_at = OUTPUT_OFFSET + locate(batch, BATCH_SHAPE, OUTPUT_BATCH_STRIDES) + row * OUTPUT_ROW_STRIDE;
  let residual_at = RESIDUAL_OFFSET + locate(batch, BATCH_SHAPE, RESIDUAL_BATCH_STRIDES) + row * RESIDUAL_ROW_STRIDE;
  let x_at = X_OFFSET + locate(batch, BATCH_SHAPE, X_BATCH_STRIDES) + row * X_ROW_STRIDE;
  for (var i = 0u; i < min(4u, N - column); i++) {
    let at = column + i;
    let biased = add_bias(values[i] * SCALE, BIAS_OFFSET + at * BIAS_STRIDE);
    let active_value = activate(biased, x_at + at * X_COLUMN_STRIDE);
    output[output_at + at * OUTPUT_COLUMN_STRIDE] = add_residual(active_value, residual_at + at * RESIDUAL_COLUMN_STRIDE);
  }
}
