import { describe, expect, test } from '@jest/globals';
import { bytesSource, openTensors, writeNpy } from '../../src/index.js';
import { parseArrayHeader } from '../../src/models/checkpoint/numpy/header.js';
import { messageOf } from '../support/messages.js';
import { zipBytes } from '../support/zip-bytes.js';

/** A header as NumPy writes it, and what stands behind it. */
function array(text: string, data: ArrayBufferView<ArrayBuffer> = new Uint8Array(), version = 1): Buffer {
  const start = version === 1 ? 10 : 12;
  const begin = Math.ceil((start + text.length + 1) / 64) * 64;
  const length = Buffer.alloc(start - 8);
  length.writeUIntLE(begin - start, 0, length.length);
  return Buffer.concat([
    Buffer.from([0x93, ...Buffer.from('NUMPY'), version, 0]),
    length,
    Buffer.from(`${text.padEnd(begin - start - 1)}\n`),
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  ]);
}

const described = (type: string, shape: string, order = 'False'): string =>
  `{'descr': '${type}', 'fortran_order': ${order}, 'shape': (${shape}), }`;

const bytesOf = (buffer: Buffer): Uint8Array<ArrayBuffer> => new Uint8Array(buffer);

describe('an array as numpy.save writes it', () => {
  // What NumPy 2.4 writes of numpy.array([[1, 2, 3], [4, 5, 6]], dtype='<f4') is the same, byte for byte.
  const ones = new Array<number>(20).fill(1);
  test.each<[number[], number[], string, number]>([
    [[2, 3], [1, 2, 3, 4, 5, 6], '2, 3', 128],
    [[3], [1, -2, 0.5], '3,', 128],
    [[], [7], '', 128],
    [[2, 0], [], '2, 0', 128],
    // A header of 117 letters has room for its line feed, and one of 118 has not.
    [[...ones, 12], new Array<number>(12).fill(2), `${'1, '.repeat(20)}12`, 128],
    [[...ones, 123], new Array<number>(123).fill(2), `${'1, '.repeat(20)}123`, 192],
  ])('of shape %j', (shape, values, sizes, begin) => {
    const written = writeNpy(shape, Float32Array.from(values));
    expect(Buffer.from(written)).toEqual(array(described('<f4', sizes), Float32Array.from(values)));
    expect(written).toHaveLength(begin + 4 * values.length);
  }); // prettier-ignore
});

describe('the header of an array', () => {
  const fail = (what: string): never => {
    throw new Error(what);
  };
  const parsed = (bytes: Buffer) => parseArrayHeader(bytesOf(bytes), fail);

  test.each([
    [array(described('<f4', '2, 3')), { dtype: 'F32', shape: [2, 3], isColumnMajor: false, begin: 128 }],
    [
      array(described('<i2', '2, 3', 'True')),
      { dtype: 'I16', shape: [2, 3], isColumnMajor: true, begin: 128 },
    ],
    [
      array(described('<f8', '4,'), undefined, 2),
      { dtype: 'F64', shape: [4], isColumnMajor: false, begin: 128 },
    ],
    [
      array(described('|b1', ''), undefined, 3),
      { dtype: 'BOOL', shape: [], isColumnMajor: false, begin: 128 },
    ],
    [array(described('|V2', '12, 0')), { dtype: 'BF16', shape: [12, 0], isColumnMajor: false, begin: 128 }],
  ])('is read, whatever its version: %#', (bytes, expected) => {
    expect(parsed(bytes)).toEqual(expected);
  });

  test('is read where it lies in memory', () => {
    const padded = bytesOf(Buffer.concat([Buffer.alloc(3), array(described('<u8', '5,'))]));
    expect(parseArrayHeader(padded.subarray(3), fail)).toMatchObject({
      dtype: 'U64',
      shape: [5],
      begin: 128,
    });
  });

  const whole = array(described('<f4', '2, 3'));
  test.each<[string, Buffer, RegExp]>([
    ['nothing', Buffer.alloc(0), /^is no array$/],
    ['something else', Buffer.from('\x93NUMPZ'.padEnd(200), 'latin1'), /^is no array$/],
    ['no more than the first words', whole.subarray(0, 11), /^is no array$/],
    ['a header that is cut off', whole.subarray(0, 127), /^has a header that is too long$/],
    ['objects of Python', array(described('|O', '1,')), /^has the type "\|O", but only these can be read: <f8, <f4, /],
    ['the other order of bytes', array(described('>f4', '1,')), /^has the type ">f4"/],
    ['a type out of the prototype', array(described('constructor', '1,')), /^has the type "constructor"/],
    ['several fields', array("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }"), /^has a header that cannot be read/],
    ['no order', array("{'descr': '<f4', 'shape': (1,), }"), /^has a header that cannot be read/],
    ['no shape', array("{'descr': '<f4', 'fortran_order': False, }"), /^has a header that cannot be read/],
    ['a negative size', array(described('<f4', '-1,')), /^has a header that cannot be read/],
    ['a size beyond all', array(described('<f4', '9007199254740992,')), /^has the sizes \(9007199254740992,\)$/],
  ])('that is %s is refused', (_what, bytes, message) => {
    expect(() => parsed(bytes)).toThrow(message);
  }); // prettier-ignore
});

describe('arrays in a zip file', () => {
  const open = (records: Parameters<typeof zipBytes>[0]) =>
    openTensors(bytesSource('weights.npz', bytesOf(zipBytes(records))));

  test('have the names of their files, and what is no array is left out', async () => {
    const column = array(described('<f4', '2, 3', 'True'), Float32Array.of(1, 4, 2, 5, 3, 6));
    const file = await open([
      { name: 'a/kernel.npy', data: column, deflated: true },
      { name: 'b.npy', data: array(described('|u1', '2,'), Uint8Array.of(3, 4)) },
      { name: 'notes.txt', data: Buffer.from('x') },
    ]);
    expect(file).toMatchObject({ source: 'weights.npz', format: 'NumPy', wrapping: [], metadata: {} });
    expect([...file.tensors.keys()]).toEqual(['a/kernel', 'b']);
    expect(file.tensors.get('a/kernel')).toMatchObject({ dtype: 'F32', shape: [2, 3] });
    expect(await file.tensors.get('a/kernel')!.read()).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
    expect(await file.tensors.get('b')!.read()).toEqual(Float32Array.of(3, 4));
  });

  test.each([3, 5])('that have %i numbers for four are damaged', async (count) => {
    const data = array(described('<f4', '2, 2'), new Float32Array(count));
    expect(await messageOf(open([{ name: 'w.npy', data }]))).toBe(
      `The array "w" of "weights.npz" is damaged: it has ${4 * count} bytes of numbers, and should have 16; fetch it again.`,
    );
  });
});
