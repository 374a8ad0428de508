/** The safetensors types that can be read, with the bytes of one value. */
export const itemSize = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;

export type Dtype = keyof typeof itemSize;

/** `hasOwn`, because the name comes from a file and could be "constructor". */
export function isDtype(name: unknown): name is Dtype {
  return typeof name === 'string' && Object.hasOwn(itemSize, name);
}

/**
 * The values of a tensor as float32, rounded to nearest. The format is little-endian, and so is every machine
 * that runs WebGPU, so typed arrays read it directly.
 *
 * @param bytes a whole number of values
 */
export function toFloat32(dtype: Dtype, bytes: Uint8Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const count = bytes.byteLength / itemSize[dtype];
  // A typed array may only start at a multiple of its item size, and the header's length is arbitrary.
  const aligned = bytes.byteOffset % itemSize[dtype] === 0 ? bytes : new Uint8Array(bytes);
  const { buffer, byteOffset } = aligned;
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer, byteOffset, count);
    case 'F64':
      return new Float32Array(new Float64Array(buffer, byteOffset, count));
    case 'F16':
      return halfToFloat(new Uint16Array(buffer, byteOffset, count));
    case 'BF16':
      return bfloatToFloat(new Uint16Array(buffer, byteOffset, count));
    case 'I64':
      return Float32Array.from(new BigInt64Array(buffer, byteOffset, count), Number);
    case 'U64':
      return Float32Array.from(new BigUint64Array(buffer, byteOffset, count), Number);
    case 'I32':
      return new Float32Array(new Int32Array(buffer, byteOffset, count));
    case 'U32':
      return new Float32Array(new Uint32Array(buffer, byteOffset, count));
    case 'I16':
      return new Float32Array(new Int16Array(buffer, byteOffset, count));
    case 'U16':
      return new Float32Array(new Uint16Array(buffer, byteOffset, count));
    case 'I8':
      return new Float32Array(new Int8Array(buffer, byteOffset, count));
    case 'U8':
    case 'BOOL':
      return new Float32Array(aligned);
  }
}

/** bfloat16 is the upper half of a float32. */
function bfloatToFloat(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i] << 16;
  return new Float32Array(bits.buffer);
}

/** By a table of all that a half can be: to compute each anew takes ten times as long. */
function halfToFloat(halves: Uint16Array): Float32Array<ArrayBuffer> {
  halfValues ??= Float32Array.from({ length: 2 ** 16 }, (_, half) => halfValue(half));
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) values[i] = halfValues[halves[i]];
  return values;
}

let halfValues: Float32Array | undefined;

/** IEEE 754 binary16: 1 sign, 5 exponent (bias 15) and 10 fraction bits. Exact. */
function halfValue(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24; // subnormal
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** Whether numbers of this type may be anything, and not whole numbers alone. */
export function isFloat(dtype: Dtype): boolean {
  return /^B?F\d/.test(dtype);
}
