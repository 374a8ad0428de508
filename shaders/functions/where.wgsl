fn apply(condition: f32, a: f32, b: f32) -> f32 {
  return select(b, a, condition != 0.0);
}
