// As many multiply-adds as a lane can do: nothing but registers is touched. Before this file stand ITERATIONS, CHAINS
// (1, 2 or 4 vectors of four, each depending on itself alone) and FUSED (whether to ask for fma by name).
@group(0) @binding(0) var<storage, read_write> result: array<vec4<f32>>;

// With x and y of which a compiler knows nothing, no step can be left out.
fn step(a: vec4<f32>, x: vec4<f32>, y: vec4<f32>) -> vec4<f32> {
  if (FUSED == 1u) {
    return fma(a, x, y);
  }
  return a * x + y;
}

// So many that what a loop costs does not matter.
fn sixteen_steps(start: vec4<f32>, x: vec4<f32>, y: vec4<f32>) -> vec4<f32> {
  var a = start;
  a = step(a, x, y);
  a = step(a, x, y);
  a = step(a, x, y);
  a = step(a, x, y);
  a = step(a, x, y);
  a = step(a, x, y);
  a = step(a, x, y);
  a = step(a, x, y);
  a = step(a, x, y);
  a = step(a, x, y);
  a = step(a, x, y);
  a = step(a, x, y);
  a = step(a, x, y);
  a = step(a, x, y);
  a = step(a, x, y);
  a = step(a, x, y);
  return a;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let x = result[id.x] * 0.5;
  let y = result[id.x] * 0.25;
  var a0 = x;
  var a1 = x + 0.1;
  var a2 = x + 0.2;
  var a3 = x + 0.3;
  for (var i = 0u; i < ITERATIONS; i++) {
    a0 = sixteen_steps(a0, x, y);
    if (CHAINS > 1u) {
      a1 = sixteen_steps(a1, x, y);
    }
    if (CHAINS > 2u) {
      a2 = sixteen_steps(a2, x, y);
      a3 = sixteen_steps(a3, x, y);
    }
  }
  result[id.x] = a0 + a1 + a2 + a3;
}
