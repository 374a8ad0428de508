// Reading what src/backends/wasm/layout.ts describes.

/** A word of a record. */
export function word(record: u32, position: u32): u32 {
  return load<u32>(record + (position << 2));
}

export function floatWord(record: u32, position: u32): f32 {
  return load<f32>(record + (position << 2));
}

/** The address of a word. */
export function at(record: u32, position: u32): u32 {
  return record + (position << 2);
}
