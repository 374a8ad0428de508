// Folds over the lanes of a workgroup; every lane gets the result. LANES must be a power of two. The leading
// barrier lets the scratch be used again right after a call.
var<workgroup> scratch: array<f32, LANES>;

fn sum_over_lanes(value: f32, lane: u32) -> f32 {
  workgroupBarrier();
  scratch[lane] = value;
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      scratch[lane] += scratch[lane + half];
    }
  }
  workgroupBarrier();
  return scratch[0];
}

fn max_over_lanes(value: f32, lane: u32) -> f32 {
  workgroupBarrier();
  scratch[lane] = value;
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      scratch[lane] = max(scratch[lane], scratch[lane + half]);
    }
  }
  workgroupBarrier();
  return scratch[0];
}
