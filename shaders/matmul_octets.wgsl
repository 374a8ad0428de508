// Matrix product for software adapters with subgroups of 8: each workgroup is one subgroup, and computes 8 rows by
// 32 columns, each lane 4 columns of all rows. A load fetches lane by lane there, at many times the price of a
// multiply-add, wherever the addresses lie. So no lane loads what another has: of the left operand each loads the
// element of one row, and hands it round. Neither alignment nor the order of axes matters for this.
// Sums are taken in runs of RUN, as in matmul.wgsl. `store` is in product.wgsl.
const RUN: u32 = 16u;

@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(8)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * 8u;
  let column = (group.x * 8u + lane) * 4u;
  // Beyond the edge the last row and column are repeated.
  let columns = min(vec4u(column) + vec4u(0u, 1u, 2u, 3u), vec4u(product.n - 1u));

  for (var index = group.z; index < product.batch; index += groups.z) {
    let member = locate_member(index);
    var a_at = member.a + min(row + lane, product.m - 1u) * product.a_row;
    var b_at = member.b + columns * product.b_column;
    var sum0 = vec4f();
    var sum1 = vec4f();
    var sum2 = vec4f();
    var sum3 = vec4f();
    var sum4 = vec4f();
    var sum5 = vec4f();
    var sum6 = vec4f();
    var sum7 = vec4f();
    for (var start = 0u; start < product.k; start += RUN) {
      var part0 = vec4f();
      var part1 = vec4f();
      var part2 = vec4f();
      var part3 = vec4f();
      var part4 = vec4f();
      var part5 = vec4f();
      var part6 = vec4f();
      var part7 = vec4f();
      for (var k = start; k < min(start + RUN, product.k); k++) {
        let left = a[a_at];
        let right = vec4f(b[b_at.x], b[b_at.y], b[b_at.z], b[b_at.w]);
        part0 += subgroupBroadcast(left, 0u) * right;
        part1 += subgroupBroadcast(left, 1u) * right;
        part2 += subgroupBroadcast(left, 2u) * right;
        part3 += subgroupBroadcast(left, 3u) * right;
        part4 += subgroupBroadcast(left, 4u) * right;
        part5 += subgroupBroadcast(left, 5u) * right;
        part6 += subgroupBroadcast(left, 6u) * right;
        part7 += subgroupBroadcast(left, 7u) * right;
        a_at += product.a_column;
        b_at += vec4u(product.b_row);
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
    var sums = array(sum0, sum1, sum2, sum3, sum4, sum5, sum6, sum7);
    let rows = min(8u, product.m - row);
    for (var i = 0u; i < rows; i++) {
      for (var j = 0u; j < 4u && column + j < product.n; j++) {
        store(member, row + i, column + j, sums[i][j]);
      }
    }
  }
}
