// Where element `index` of a row-major walk through `shape` lies, in a buffer walked with `strides`.
// Constants: RANK.
fn locate(index: u32, shape: array<u32, RANK>, strides: array<u32, RANK>) -> u32 {
  var rest = index;
  var position = 0u;
  for (var axis = RANK; axis > 0u; axis--) {
    let extent = shape[axis - 1u];
    position += (rest % extent) * strides[axis - 1u];
    rest /= extent;
  }
  return position;
}
