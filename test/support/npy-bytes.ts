import { littleEndian } from './little-endian.js';

/** An array as NumPy writes it: float32, the first axis outermost in memory, or innermost if `isColumnMajor`. */
export function npyBytes(shape: readonly number[], values: Float32Array, isColumnMajor = false): Buffer {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const order = isColumnMajor ? 'True' : 'False';
  const header = `{'descr': '<f4', 'fortran_order': ${order}, 'shape': (${sizes}), }`;
  const padding = ' '.repeat(63 - ((10 + header.length) % 64));
  const text = Buffer.from(`${header}${padding}\n`);
  const stored = isColumnMajor ? columnMajor(shape, values) : values;
  return Buffer.concat([
    Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0]),
    littleEndian([2, text.length]),
    text,
    Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength),
  ]);
}

function columnMajor(shape: readonly number[], values: Float32Array): Float32Array {
  const result = new Float32Array(values.length);
  values.forEach((value, k) => {
    let [rest, place, step] = [k, 0, values.length];
    for (const extent of [...shape].reverse()) {
      step /= extent;
      place += (rest % extent) * step;
      rest = Math.floor(rest / extent);
    }
    result[place] = value;
  });
  return result;
}
