// 0 at the DISCARDED smallest elements of each row, lower index first among equals, 1 at the others; one workgroup
// a row.
// The threshold is found by radix selection: floats are mapped to unsigned integers of the same order (ordered.wgsl), and
// four passes over the row fix the threshold's bytes from the highest down, with a histogram of 256 bins each.
// Integer counts only, so the result does not depend on the order in which lanes run.
// Constants: DISCARDED, ROWS, COLUMNS, WIDTH (workgroups in x), RANK, ROW_SHAPE, X_OFFSET, X_ROW_STRIDES, X_STRIDE,
// OUTPUT_OFFSET.
const LANES: u32 = 256u;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> output: array<f32>;

var<workgroup> histogram: array<atomic<u32>, 256>;
var<workgroup> ties: array<u32, LANES>;
var<workgroup> threshold: u32;
// How many elements are still to be discarded among those whose higher bytes equal the threshold's.
var<workgroup> remaining: u32;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let row = group.x + group.y * WIDTH;
  if (row >= ROWS) {
    return;
  }
  let base = X_OFFSET + locate(row, ROW_SHAPE, X_ROW_STRIDES);
  if (lane == 0u) {
    threshold = 0u;
    remaining = DISCARDED;
  }

  for (var digit = 0u; digit < 4u; digit++) {
    let shift = 24u - 8u * digit;
    atomicStore(&histogram[lane], 0u);
    workgroupBarrier();
    let prefix = threshold;
    for (var column = lane; column < COLUMNS; column += LANES) {
      let key = ordered(x[base + column * X_STRIDE]);
      // Shifted in two steps: for the first byte by 32 in all, which no single shift may.
      if (((key ^ prefix) >> shift) >> 8u == 0u) {
        atomicAdd(&histogram[(key >> shift) & 255u], 1u);
      }
    }
    workgroupBarrier();
    if (lane == 0u) {
      var bin = 0u;
      var before = 0u;
      for (; bin < 255u; bin++) {
        let members = atomicLoad(&histogram[bin]);
        if (before + members >= remaining) {
          break;
        }
        before += members;
      }
      threshold = prefix | (bin << shift);
      remaining -= before;
    }
    workgroupBarrier();
  }

  // Everything below the threshold goes, and the first `remaining` elements equal to it. Each lane takes a run of
  // neighbours, so that lanes in order are elements in order.
  let limit = threshold;
  let run = (COLUMNS + LANES - 1u) / LANES;
  let start = min(lane * run, COLUMNS);
  let end = min(start + run, COLUMNS);
  var equal = 0u;
  for (var column = start; column < end; column++) {
    equal += select(0u, 1u, ordered(x[base + column * X_STRIDE]) == limit);
  }
  ties[lane] = equal;
  workgroupBarrier();
  var seen = 0u;
  for (var other = 0u; other < lane; other++) {
    seen += ties[other];
  }
  for (var column = start; column < end; column++) {
    let key = ordered(x[base + column * X_STRIDE]);
    var goes = key < limit;
    if (key == limit) {
      goes = seen < remaining;
      seen++;
    }
    output[OUTPUT_OFFSET + row * COLUMNS + column] = select(1.0, 0.0, goes);
  }
}
