// `start` seeds a fold of which `first` is one member; `combine` joins two partial results.
fn start(first: f32) -> f32 {
  return 0.0;
}

fn combine(a: f32, b: f32) -> f32 {
  return a + b;
}

fn finish(result: f32) -> f32 {
  return result / f32(MEMBERS);
}
