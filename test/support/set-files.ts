import { deflateSync } from 'node:zlib';

/** Bytes of files in which sets are published. */

export const bytesOf = (...parts: (readonly number[] | Uint8Array)[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(parts.flatMap((part) => [...part]));
/** The highest byte first. */
export const big = (value: number): number[] => [
  value >>> 24,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
];
/** The lowest byte first. */
export const little = (value: number): number[] => big(value).reverse();

// MATLAB files of level 5.

export const element = (type: number, data: Uint8Array | readonly number[]): Uint8Array =>
  bytesOf(little(type), little(data.length), data, new Array<number>((8 - (data.length % 8)) % 8).fill(0));
export const small = (type: number, data: readonly number[]): Uint8Array =>
  bytesOf(little(type | (data.length << 16)), data, new Array<number>(4 - data.length).fill(0));
export const letters = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
export const matrix = (name: Uint8Array, values: Uint8Array): Uint8Array =>
  element(
    14,
    bytesOf(element(6, [...little(6), ...little(0)]), element(5, [...little(1), ...little(3)]), name, values),
  );
export const packed = (data: Uint8Array): Uint8Array => {
  const compressed = deflateSync(data);
  return bytesOf(little(15), little(compressed.length), compressed);
};
export const head = bytesOf(new Array<number>(124).fill(32), [0, 1], letters('IM'));
