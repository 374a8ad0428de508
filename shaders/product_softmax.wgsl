// A product and the softmax over each of its rows: each workgroup computes the tiles of whole rows by `compute_tile`, one
// after the other, and then turns the rows into their softmax. A lane reads back only what it stored itself, four columns
// of every tile, so nothing waits. `sum_over_lanes` and `max_over_lanes` are in lanes_of_subgroup.wgsl.
const LOWEST: f32 = -0x1.fffffep+127f;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let member = locate_member(group.z);
  let row = group.y * ROWS;
  for (var column = 0u; column < product.n; column += LANES * 4u) {
    compute_tile(member, row, column, lane);
  }
  for (var i = row; i < min(row + ROWS, product.m); i++) {
    softmax_row(member.output + i * product.output_row, lane);
  }
}

fn softmax_row(begin: u32, lane: u32) {
  var highest = LOWEST;
  for (var column = lane * 4u; column < product.n; column += LANES * 4u) {
    for (var j = column; j < min(column + 4u, product.n); j++) {
      highest = max(highest, output[begin + j * product.output_column]);
    }
  }
  highest = max_over_lanes(highest, lane);

  // Four are added up before they join the others: the shorter the sums, the smaller their rounding error.
  var total = 0.0;
  for (var column = lane * 4u; column < product.n; column += LANES * 4u) {
    var part = 0.0;
    for (var j = column; j < min(column + 4u, product.n); j++) {
      let value = exp(output[begin + j * product.output_column] - highest);
      output[begin + j * product.output_column] = value;
      part += value;
    }
    total += part;
  }
  total = sum_over_lanes(total, lane);

  for (var column = lane * 4u; column < product.n; column += LANES * 4u) {
    for (var j = column; j < min(column + 4u, product.n); j++) {
      output[begin + j * product.output_column] /= total;
    }
  }
}
