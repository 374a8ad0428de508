// a is the gate, b the value.
fn apply(a: f32, b: f32) -> f32 {
  return a * sigmoid(a) * b;
}
