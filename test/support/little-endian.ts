/** Numbers of so many bytes each, little-endian, one after the other. */
export function littleEndian(
  ...numbers: readonly (readonly [bytes: 1 | 2 | 4 | 8, value: number])[]
): Buffer {
  return Buffer.concat(
    numbers.map(([bytes, value]) => {
      const buffer = Buffer.alloc(8);
      buffer.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)));
      return buffer.subarray(0, bytes);
    }),
  );
}
