// As lanes.wgsl, for workgroups of exactly one subgroup: nothing to wait for, and no memory to go through.
fn sum_over_lanes(value: f32, lane: u32) -> f32 {
  return subgroupAdd(value);
}

fn max_over_lanes(value: f32, lane: u32) -> f32 {
  return subgroupMax(value);
}
