// What a product with parameters is told at run time, so that products of all shapes share one pipeline.
// The order of the members is that of `productParameters` in product-kernel.ts.
struct Product {
  // Batch axes; 1 and strides of 0 where there are fewer than four.
  extents: vec4u,
  a_batch: vec4u,
  b_batch: vec4u,
  residual_batch: vec4u,
  x_batch: vec4u,
  output_batch: vec4u,
  m: u32,
  k: u32,
  n: u32,
  a_offset: u32,
  a_row: u32,
  a_column: u32,
  output_offset: u32,
  output_row: u32,
  output_column: u32,
  b_offset: u32,
  b_row: u32,
  b_column: u32,
  scale: f32,
  bias_offset: u32,
  bias_stride: u32,
  residual_offset: u32,
  residual_row: u32,
  residual_column: u32,
  x_offset: u32,
  x_row: u32,
  x_column: u32,
}

@group(0) @binding(6) var<uniform> product: Product;

// Where the matrices of a batch's member begin.
struct Member {
  a: u32,
  b: u32,
  output: u32,
  residual: u32,
  x: u32,
}

fn locate_member(index: u32) -> Member {
  var rest = index;
  var place: vec4u;
  for (var axis = 4u; axis > 0u; axis--) {
    place[axis - 1u] = rest % product.extents[axis - 1u];
    rest /= product.extents[axis - 1u];
  }
  return Member(
    product.a_offset + sum(place * product.a_batch),
    product.b_offset + sum(place * product.b_batch),
    product.output_offset + sum(place * product.output_batch),
    product.residual_offset + sum(place * product.residual_batch),
    product.x_offset + sum(place * product.x_batch),
  );
}

fn sum(v: vec4u) -> u32 {
  return v.x + v.y + v.z + v.w;
}

fn store(member: Member, row: u32, column: u32, sum: f32) {
  let biased = add_bias(sum * product.scale, product.bias_offset + column * product.bias_stride);
  let active_value = activate(biased, member.x + row * product.x_row + column * product.x_column);
  let residual_at = member.residual + row * product.residual_row + column * product.residual_column;
  output[member.output + row * product.output_row + column * product.output_column] = add_residual(active_value, residual_at);
}
