// One thread an element: output = apply(x). `apply` is one of functions/.
// Constants: SIZE, WIDTH (threads in x), RANK, SHAPE, OUTPUT_*, and an offset and strides for each input.
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let index = id.x + id.y * WIDTH;
  if (index >= SIZE) {
    return;
  }
  let x_at = X_OFFSET + locate(index, SHAPE, X_STRIDES);
  output[OUTPUT_OFFSET + locate(index, SHAPE, OUTPUT_STRIDES)] = apply(x[x_at]);
}
