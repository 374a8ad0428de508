// `locate` of locate.wgsl for a single axis (RANK 1): most steps, once neighbouring axes have been merged.
fn locate(index: u32, shape: array<u32, RANK>, strides: array<u32, RANK>) -> u32 {
  return index * strides[0];
}
