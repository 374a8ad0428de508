// A product and the softmax over each of its rows: each lane computes four rows by `compute_tile` of matmul.wgsl, and then
// turns them into their softmax.
@compute @workgroup_size(1, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.y * 4u;
  for (var batch = id.z; batch < BATCH; batch += GROUPS_Z) {
    for (var column = 0u; row < M && column < N; column += 4u) {
      compute_tile(batch, row, column);
    }
    for (var i = row; i < min(row + 4u, M); i++) {
      softmax_row(OUTPUT_OFFSET + locate(batch, BATCH_SHAPE, OUTPUT_BATCH_STRIDES) + i * OUTPUT_ROW_STRIDE);
    }
  }
}

fn softmax_row(begin: u32) {
  var highest = output[begin];
  for (var column = 1u; column < N; column++) {
    highest = max(highest, output[begin + column * OUTPUT_COLUMN_STRIDE]);
  }
  var total = 0.0;
  for (var column = 0u; column < N; column++) {
    let value = exp(output[begin + column * OUTPUT_COLUMN_STRIDE] - highest);
    output[begin + column * OUTPUT_COLUMN_STRIDE] = value;
    total += value;
  }
  for (var column = 0u; column < N; column++) {
    output[begin + column * OUTPUT_COLUMN_STRIDE] /= total;
  }
}
