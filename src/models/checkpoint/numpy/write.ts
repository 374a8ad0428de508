import type { Values } from '../../../tensor/index.js';

/**
 * The bytes of an array in NumPy's format, version 1.0, as float32 row by row.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function writeNpy(shape: readonly number[], values: Values): Uint8Array<ArrayBuffer> {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sizes}), }`;
  const start = 10;
  // Spaces make the data start at a multiple of 64, so that it can be mapped.
  const begin = Math.ceil((start + header.length + 1) / 64) * 64;
  const bytes = new Uint8Array(begin + 4 * values.length);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0]);
  new DataView(bytes.buffer).setUint16(8, begin - start, true);
  bytes.set(new TextEncoder().encode(`${header.padEnd(begin - start - 1)}\n`), start);
  new Float32Array(bytes.buffer, begin, values.length).set(values);
  return bytes;
}
