import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { bytesSource, openSafetensors, readTensors, type TensorFile } from '../../src/index.js';
import { messageOf } from '../support/messages.js';

type Bytes = Uint8Array<ArrayBuffer>;

const bytesOf = (data: ArrayBufferView<ArrayBuffer>): Bytes =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** A file with this header text and these data, at an address that is `shift` past a multiple of 8. */
function file(header: string | Bytes, data: Bytes = new Uint8Array(), shift = 0): Bytes {
  const head = typeof header === 'string' ? bytesOf(new TextEncoder().encode(header)) : header;
  const bytes = new Uint8Array(new ArrayBuffer(shift + 8 + head.length + data.length), shift);
  new DataView(bytes.buffer, shift).setBigUint64(0, BigInt(head.length), true);
  bytes.set(head, 8);
  bytes.set(data, 8 + head.length);
  return bytes;
}

/** A file with one tensor "w" in it. */
function one(
  dtype: string,
  shape: number[],
  data: ArrayBufferView<ArrayBuffer>,
  padding = 0,
  shift = 0,
): Bytes {
  const header = JSON.stringify({ w: { dtype, shape, data_offsets: [0, data.byteLength] } });
  return file(header + ' '.repeat(padding), bytesOf(data), shift);
}

const open = (bytes: Bytes, name = 'test'): Promise<TensorFile> => openSafetensors(bytesSource(name, bytes));

async function valuesOf(bytes: Bytes, name = 'w'): Promise<number[]> {
  return [...(await (await open(bytes)).tensors.get(name)!.read())];
}

describe('what is read', () => {
  test('tensors in the order of the header, their shapes, and the metadata', async () => {
    const header = {
      __metadata__: { format: 'pt' },
      b: { dtype: 'F32', shape: [1, 2], data_offsets: [4, 12] },
      a: { dtype: 'F32', shape: [], data_offsets: [0, 4] },
      none: { dtype: 'F32', shape: [3, 0], data_offsets: [12, 12] },
    };
    const opened = await open(file(JSON.stringify(header), bytesOf(Float32Array.of(1, 2, 3))));
    const tensors = await readTensors(opened);
    expect([...opened.tensors.keys()]).toEqual(['b', 'a', 'none']);
    expect(tensors.get('b')).toEqual({ shape: [1, 2], values: Float32Array.of(2, 3) });
    expect(tensors.get('a')).toEqual({ shape: [], values: Float32Array.of(1) });
    expect(tensors.get('none')!.values).toHaveLength(0);
    expect(opened.metadata).toEqual({ format: 'pt' });
  });

  test.each([
    ['F64', Float64Array.of(0.1, -2), [Math.fround(0.1), -2]],
    ['F32', Float32Array.of(0.1, -2), [Math.fround(0.1), -2]],
    // 1, -2, the largest finite, the smallest normal and subnormal, negative zero, infinity
    [
      'F16',
      Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x8000, 0x7c00),
      [1, -2, 65504, 2 ** -14, 2 ** -24, -0, Infinity],
    ],
    ['BF16', Uint16Array.of(0x3f80, 0xc000, 0x4049, 0xff80), [1, -2, 3.140625, -Infinity]],
    ['I64', BigInt64Array.of(-3n, 7n), [-3, 7]],
    ['U64', BigUint64Array.of(3n, 7n), [3, 7]],
    ['I32', Int32Array.of(-3, 7), [-3, 7]],
    ['U32', Uint32Array.of(3, 2 ** 31), [3, 2 ** 31]],
    ['I16', Int16Array.of(-3, 7), [-3, 7]],
    ['U16', Uint16Array.of(3, 65535), [3, 65535]],
    ['I8', Int8Array.of(-3, 7), [-3, 7]],
    ['U8', Uint8Array.of(3, 255), [3, 255]],
    ['BOOL', Uint8Array.of(0, 1), [0, 1]],
  ])('%s as float32, at every alignment', async (dtype, data, expected) => {
    for (let padding = 0; padding < 8; padding++) {
      expect(await valuesOf(one(dtype, [expected.length], data, padding))).toEqual(expected);
    }
    expect(await valuesOf(one(dtype, [expected.length], data, 0, 3))).toEqual(expected);
  });

  test('NaN of both half types', async () => {
    expect(await valuesOf(one('F16', [1], Uint16Array.of(0x7e00)))).toEqual([NaN]);
    expect(await valuesOf(one('BF16', [1], Uint16Array.of(0x7fc0)))).toEqual([NaN]);
  });

  test('aligned float32 is not copied, unaligned float32 is', async () => {
    const shared: number[] = [];
    for (const padding of [0, 1, 2, 3]) {
      const bytes = one('F32', [1], Float32Array.of(1), padding);
      const values = await (await open(bytes)).tensors.get('w')!.read();
      if (values.buffer === bytes.buffer) shared.push(padding);
    }
    expect(shared).toHaveLength(1);
  });

  test('a header that is longer than what is read at first', async () => {
    const header = Object.fromEntries(
      Array.from({ length: 3000 }, (_, i) => [
        `tensor.${i}`,
        { dtype: 'F32', shape: [1], data_offsets: [4 * i, 4 * i + 4] },
      ]),
    );
    const text = JSON.stringify(header);
    expect(text.length).toBeGreaterThan(2 ** 17);
    const data = Float32Array.from({ length: 3000 }, (_, i) => i);
    expect(await valuesOf(file(text, bytesOf(data)), 'tensor.2999')).toEqual([2999]);
  });

  test('names that mean something to JavaScript are only names', async () => {
    const entry = (begin: number): string =>
      `{"dtype":"U8","shape":[1],"data_offsets":[${begin},${begin + 1}]}`;
    const header = `{"__metadata__":{"__proto__":"x"},"__proto__":${entry(0)},"constructor":${entry(1)}}`;
    const bytes = file(header, Uint8Array.of(5, 6));
    const { tensors, metadata } = await open(bytes);
    expect([...tensors.keys()]).toEqual(['__proto__', 'constructor']);
    expect(await valuesOf(bytes, '__proto__')).toEqual([5]);
    expect(Object.keys(metadata)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['dtype']).toBeUndefined();
  });

  test('the micro fixture', async () => {
    const bytes = readFileSync(new URL('../fixtures/micro.safetensors', import.meta.url));
    const checkpoint = await open(bytes);
    expect(checkpoint.tensors.size).toBe(105);
    expect(checkpoint.tensors.get('init.cls_token')).toMatchObject({ dtype: 'F32', shape: [1, 1, 32] });
    const tensors = await readTensors(checkpoint);
    expect(tensors.get('init.patch_embed.proj.weight')!.values).toHaveLength(32 * 3 * 8 * 8);
    expect(checkpoint.metadata['config']).toContain("'dim': 32");
  });
});

describe('what is refused, with the reason', () => {
  const good = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };
  const w = (change: object, bytes = 8): Bytes =>
    file(JSON.stringify({ w: { ...good, ...change } }), new Uint8Array(bytes));
  const two = (a: [number, number], b: [number, number], bytes: number): Bytes => {
    const entry = (offsets: [number, number]): object => ({
      dtype: 'U8',
      shape: [offsets[1] - offsets[0]],
      data_offsets: offsets,
    });
    return file(JSON.stringify({ a: entry(a), b: entry(b) }), new Uint8Array(bytes));
  };

  const cases: [string, Bytes, RegExp][] = [
    ['an empty file', new Uint8Array(), /only 0 bytes/],
    ['7 bytes', new Uint8Array(7), /only 7 bytes/],
    ['a header beyond the file', file('{}').subarray(0, 9), /header needs 2 bytes, but only 1/],
    ['a header of 2^56 bytes', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 0), /more than 100 MB/],
    ['a header of 100 MB and 1 byte', Uint8Array.of(1, 0xe1, 0xf5, 5, 0, 0, 0, 0), /more than 100 MB/],
    ['a header that is no UTF-8', file(Uint8Array.of(0x7b, 0xff, 0x7d)), /not UTF-8/],
    ['a header that is no JSON', file('{"w":'), /not JSON/],
    ['an empty header', file(''), /not JSON/],
    ['a header that is an array', file('[]'), /not a JSON object/],
    ['a header that is null', file('null'), /not a JSON object/],
    ['metadata that is a list', file('{"__metadata__":[]}'), /__metadata__/],
    ['metadata with a number', file('{"__metadata__":{"a":1}}'), /__metadata__/],
    ['an entry that is null', file('{"w":null}'), /"w" is not described by a JSON object/],
    ['an entry that is a list', file('{"w":[]}'), /"w" is not described by a JSON object/],
    ['an unknown dtype', w({ dtype: 'F8_E4M3' }), /dtype "F8_E4M3" for tensor "w".*F32/],
    ['a dtype out of the prototype', w({ dtype: 'constructor' }), /dtype "constructor"/],
    ['no dtype', w({ dtype: undefined }), /dtype nothing/],
    ['a negative size', w({ shape: [-2] }), /"w" has the shape \[-2\]/],
    ['a fractional size', w({ shape: [0.5] }), /"w" has the shape \[0\.5\]/],
    ['a size beyond safe integers', w({ shape: [2 ** 53] }), /"w" has the shape/],
    ['a size that is a string', w({ shape: ['2'] }), /"w" has the shape \["2"\]/],
    ['no shape', w({ shape: undefined }), /"w" has the shape nothing/],
    ['no offsets', w({ data_offsets: undefined }), /data_offsets nothing/],
    ['one offset', w({ data_offsets: [0] }), /data_offsets \[0\]/],
    ['three offsets', w({ data_offsets: [0, 4, 8] }), /data_offsets \[0, 4, 8\]/],
    ['a negative offset', w({ data_offsets: [-8, 0] }), /data_offsets \[-8, 0\]/],
    ['a fractional offset', w({ data_offsets: [0.5, 8.5] }), /data_offsets \[0\.5, 8\.5\]/],
    ['reversed offsets', w({ data_offsets: [8, 0] }), /reversed data_offsets \[8, 0\]/],
    ['a shape too large for the bytes', w({ shape: [3] }), /needs 12 bytes as F32 of shape \[3\].*span 8/],
    ['a shape too small for the bytes', w({ shape: [] }), /needs 4 bytes/],
    ['a product that overflows', w({ shape: [2 ** 40, 2 ** 40] }), /needs .* bytes as F32/],
    ['data cut short', w({}, 7), /cut short.*"w" ends at byte 8.*only 7/],
    ['offsets beyond the data', w({ shape: [1], data_offsets: [100, 104] }), /hole of 100 bytes.*"w"/],
    ['overlapping tensors', two([0, 6], [4, 8], 8), /"a" and "b" overlap/],
    ['the same bytes twice', two([0, 8], [0, 8], 8), /"a" and "b" overlap/],
    ['a hole between tensors', two([0, 3], [5, 8], 8), /hole of 2 bytes.*"a" and tensor "b"/],
    [
      'a hole before the tensors',
      two([1, 3], [3, 8], 8),
      /hole of 1 bytes lies between the header and tensor "a"/,
    ],
    ['bytes after the tensors', two([0, 3], [3, 8], 9), /1 unknown bytes follow/],
    ['bytes without tensors', file('{}', new Uint8Array(1)), /1 unknown bytes follow/],
  ];
  test.each(cases)('%s', async (_what, bytes, expected) => {
    const message = await messageOf(open(bytes, 'broken.safetensors'));
    expect(message).toMatch(expected);
    expect(message).toContain('"broken.safetensors"');
  });

  test('a name with control characters cannot write to the terminal, a long shape does not fill it', async () => {
    const header = JSON.stringify({ '\u001b[2J': { ...good, shape: new Array(9999).fill(-1) } });
    const message = await messageOf(open(file(header)));
    expect(message).toContain('\\u001b[2J');
    expect(message.length).toBeLessThan(300);
  });
});

describe('a number that is none', () => {
  // Lengths around the four-wide loop, and each position in it.
  const places = [1, 3, 4, 5, 8, 11].flatMap((length) =>
    [...new Array(length).keys()].map((at) => [length, at]),
  );

  test.each([NaN, Infinity, -Infinity])('%p is found wherever it is, and its tensor named', async (bad) => {
    for (const [length, at] of places) {
      const values = new Float32Array(length).fill(3e38).with(at, bad);
      const checkpoint = await open(one('F32', [length], values), 'bad.safetensors');
      expect(await messageOf(readTensors(checkpoint))).toContain(
        `"bad.safetensors" holds ${bad} in tensor "w" (F32, [${length}], value ${at})`,
      );
    }
  });

  test('is neither the largest, nor the smallest, nor negative zero', async () => {
    const values = Float32Array.of(3.4e38, -3.4e38, 1e-45, -0, 0);
    const read = await readTensors(await open(one('F32', [5], values)));
    expect(read.get('w')!.values).toEqual(values);
  });
});
