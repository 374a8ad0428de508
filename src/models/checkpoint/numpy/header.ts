import type { Dtype } from '../values.js';

export interface ArrayHeader {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Whether the first axis is the innermost in memory. */
  readonly isColumnMajor: boolean;
  /** Where the numbers begin. */
  readonly begin: number;
}

type Fail = (what: string) => never;

/** Read at once, in the hope that it is all of the header. */
export const likelyHeader = 4096;

const magic = '\x93NUMPY';

/** NumPy's types, little-endian or of one byte. It knows no bfloat16; JAX stores that as two bytes of nothing in particular. */
const dtypes: Readonly<Record<string, Dtype>> = {
  '<f8': 'F64',
  '<f4': 'F32',
  '<f2': 'F16',
  '|V2': 'BF16',
  '<i8': 'I64',
  '<i4': 'I32',
  '<i2': 'I16',
  '|i1': 'I8',
  '<u8': 'U64',
  '<u4': 'U32',
  '<u2': 'U16',
  '|u1': 'U8',
  '|b1': 'BOOL',
};

/**
 * The header of an array in NumPy's format.
 * @param start the first bytes of the array's file
 * @param fail is given what is wrong, after the array's name
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function parseArrayHeader(start: Uint8Array<ArrayBuffer>, fail: Fail): ArrayHeader {
  const text = new TextDecoder('latin1').decode(start);
  if (!text.startsWith(magic) || start.length < 12) return fail('is no array');
  const view = new DataView(start.buffer, start.byteOffset);
  const lengthBytes = start[6] === 1 ? 2 : 4;
  const length = lengthBytes === 2 ? view.getUint16(8, true) : view.getUint32(8, true);
  const begin = 8 + lengthBytes + length;
  if (begin > start.length) return fail('has a header that is too long');
  const header = text.slice(8 + lengthBytes, begin);
  const type = /'descr': '([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order': (True|False)/.exec(header)?.[1];
  const sizes = /'shape': \(([\d, ]*)\)/.exec(header)?.[1];
  if (type === undefined || order === undefined || sizes === undefined) {
    return fail('has a header that cannot be read, or holds objects of Python instead of numbers');
  }
  if (!Object.hasOwn(dtypes, type)) {
    return fail(
      `has the type ${JSON.stringify(type)}, but only these can be read: ${Object.keys(dtypes).join(', ')}`,
    );
  }
  const shape = sizes.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)]));
  if (!shape.every(Number.isSafeInteger)) return fail(`has the sizes (${sizes})`);
  return { dtype: dtypes[type], shape, isColumnMajor: order === 'True', begin };
}
