fn apply(x: f32) -> f32 {
  return sigmoid(x);
}
