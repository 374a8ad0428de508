// One thread an element: output = apply(a, b). `apply` is one of functions/.
// Constants: SIZE, WIDTH (threads in x), RANK, SHAPE, OUTPUT_*, and an offset and strides for each input.
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let index = id.x + id.y * WIDTH;
  if (index >= SIZE) {
    return;
  }
  let a_at = A_OFFSET + locate(index, SHAPE, A_STRIDES);
  let b_at = B_OFFSET + locate(index, SHAPE, B_STRIDES);
  output[OUTPUT_OFFSET + locate(index, SHAPE, OUTPUT_STRIDES)] = apply(a[a_at], b[b_at]);
}
