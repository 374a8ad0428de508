// Matrix product of few rows for software adapters: each lane computes one element.
// Sums are taken in runs of RUN, as in matmul.wgsl. `store` is in product.wgsl.
const RUN: u32 = 16u;

@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  let row = id.y;
  if (column >= product.n) {
    return;
  }
  let member = locate_member(id.z);
  var a_at = member.a + row * product.a_row;
  var b_at = member.b + column * product.b_column;
  var sum = 0.0;
  for (var start = 0u; start < product.k; start += RUN) {
    var part = 0.0;
    for (var k = start; k < min(start + RUN, product.k); k++) {
      part += a[a_at] * b[b_at];
      a_at += product.a_column;
      b_at += product.b_row;
    }
    sum += part;
  }
  store(member, row, column, sum);
}
