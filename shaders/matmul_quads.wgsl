// Matrix product for software adapters with subgroups of 4: as matmul_octets.wgsl, but each workgroup computes 16 rows
// by 16 columns, and four steps along k at a time: what a loop carries from turn to turn is blended lane by lane there,
// which costs as much as two multiply-adds.
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(4)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * 16u;
  let column = (group.x * 4u + lane) * 4u;
  // Beyond the edge the last row and column are repeated.
  let rows = min(vec4u(row + lane) + vec4u(0u, 4u, 8u, 12u), vec4u(product.m - 1u));
  let columns = min(vec4u(column) + vec4u(0u, 1u, 2u, 3u), vec4u(product.n - 1u));

  for (var index = group.z; index < product.batch; index += groups.z) {
    let member = locate_member(index);
    var a_at = member.a + rows * product.a_row;
    var b_at = member.b + columns * product.b_column;
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
    for (var k = 0u; k + 4u <= product.k; k += 4u) {
      let right = mat4x4f(
        load_right(b_at),
        load_right(b_at + vec4u(product.b_row)),
        load_right(b_at + vec4u(2u * product.b_row)),
        load_right(b_at + vec4u(3u * product.b_row)),
      );
      let left0 = load_left(a_at.x);
      sum0 += right * quadBroadcast(left0, 0u);
      sum1 += right * quadBroadcast(left0, 1u);
      sum2 += right * quadBroadcast(left0, 2u);
      sum3 += right * quadBroadcast(left0, 3u);
      let left1 = load_left(a_at.y);
      sum4 += right * quadBroadcast(left1, 0u);
      sum5 += right * quadBroadcast(left1, 1u);
      sum6 += right * quadBroadcast(left1, 2u);
      sum7 += right * quadBroadcast(left1, 3u);
      let left2 = load_left(a_at.z);
      sum8 += right * quadBroadcast(left2, 0u);
      sum9 += right * quadBroadcast(left2, 1u);
      sum10 += right * quadBroadcast(left2, 2u);
      sum11 += right * quadBroadcast(left2, 3u);
      let left3 = load_left(a_at.w);
      sum12 += right * quadBroadcast(left3, 0u);
      sum13 += right * quadBroadcast(left3, 1u);
      sum14 += right * quadBroadcast(left3, 2u);
      sum15 += right * quadBroadcast(left3, 3u);
      a_at += vec4u(4u * product.a_column);
      b_at += vec4u(4u * product.b_row);
    }
    for (var k = product.k & ~3u; k < product.k; k++) {
      let right = load_right(b_at);
      let left = vec4f(a[a_at.x], a[a_at.y], a[a_at.z], a[a_at.w]);
      let left_of_0 = quadBroadcast(left, 0u);
      let left_of_1 = quadBroadcast(left, 1u);
      let left_of_2 = quadBroadcast(left, 2u);
      let left_of_3 = quadBroadcast(left, 3u);
      sum0 += left_of_0.x * right;
      sum1 += left_of_1.x * right;
      sum2 += left_of_2.x * right;
      sum3 += left_of_3.x * right;
      sum4 += left_of_0.y * right;
      sum5 += left_of_1.y * right;
      sum6 += left_of_2.y * right;
      sum7 += left_of_3.y * right;
      sum8 += left_of_0.z * right;
      sum9 += left_of_1.z * right;
      sum10 += left_of_2.z * right;
      sum11 += left_of_3.z * right;
      sum12 += left_of_0.w * right;
      sum13 += left_of_1.w * right;
      sum14 += left_of_2.w * right;
      sum15 += left_of_3.w * right;
      a_at += vec4u(product.a_column);
      b_at += vec4u(product.b_row);
    }
    var sums = array(
      sum0, sum1, sum2, sum3, sum4, sum5, sum6, sum7, sum8, sum9, sum10, sum11, sum12, sum13, sum14, sum15,
    );
    let count = min(16u, product.m - row);
    for (var i = 0u; i < count; i++) {
      for (var j = 0u; j < 4u && column + j < product.n; j++) {
        store(member, row + i, column + j, sums[i][j]);
      }
    }
  }
}

// Four elements of a row of the left operand.
fn load_left(at: u32) -> vec4f {
  let step = product.a_column;
  return vec4f(a[at], a[at + step], a[at + 2u * step], a[at + 3u * step]);
}

// Four elements of a row of the right operand.
fn load_right(at: vec4u) -> vec4f {
  return vec4f(b[at.x], b[at.y], b[at.z], b[at.w]);
}
