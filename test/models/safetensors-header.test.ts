import { describe, expect, test } from '@jest/globals';
import { bytesSource, openSafetensors, writeSafetensors, type TensorFile } from '../../src/index.js';
import { littleEndian } from '../support/little-endian.js';
import { messageOf } from '../support/messages.js';

const open = (bytes: Uint8Array): Promise<TensorFile> =>
  openSafetensors(bytesSource('test', new Uint8Array(bytes)));

function file(header: string, data = 0): Buffer {
  const text = Buffer.from(header);
  return Buffer.concat([littleEndian([8, text.length]), text, Buffer.alloc(data)]);
}

const one = (name: string, entry: unknown, data = 0): Buffer => file(JSON.stringify({ [name]: entry }), data);

describe('a header is refused with what is wrong in it', () => {
  const types = 'F64, F32, F16, BF16, I64, I32, I16, I8, U64, U32, U16, U8, BOOL';
  // In quotes as long as is shown whole, and one letter longer: that is cut, with a letter less and a sign.
  const [whole, cut] = ['n'.repeat(98), 'n'.repeat(99)];
  test.each<[string, Buffer, string]>([
    [
      'as long as any header may be',
      Buffer.concat([littleEndian([8, 1e8]), Buffer.from('{}')]),
      'is cut short: its header needs 100000000 bytes, but only 2 follow; fetch it again',
    ],
    [
      'one byte longer',
      Buffer.concat([littleEndian([8, 1e8 + 1]), Buffer.from('{}')]),
      'is no checkpoint of any known format, and no safetensors file: its first 8 bytes ask for a header of more than 100 MB',
    ],
    ['a byte-order mark', file('\ufeff{}'), 'is damaged: its header is not JSON'],
    [
      'metadata of which some are text',
      file('{"__metadata__":{"a":"b","c":1}}'),
      'is damaged: __metadata__ in its header is not a table of strings',
    ],
    ['text for an entry', one('w', 'abc'), 'is damaged: tensor "w" is not described by a JSON object'],
    [
      'a type that is not known',
      one('w', { dtype: 'F8' }),
      `has dtype "F8" for tensor "w", but only these can be read: ${types}`,
    ],
    [
      'a name that is just short enough',
      one(whole, null),
      `is damaged: tensor "${whole}" is not described by a JSON object`,
    ],
    ['one that is not', one(cut, null), `is damaged: tensor "${whole}… is not described by a JSON object`],
    [
      'a span that is not what is needed',
      file(
        JSON.stringify({
          a: { dtype: 'U8', shape: [3], data_offsets: [0, 3] },
          b: { dtype: 'F32', shape: [2], data_offsets: [3, 8] },
        }),
        8,
      ),
      'is damaged: tensor "b" needs 8 bytes as F32 of shape [2], but its data_offsets span 5',
    ],
  ])('%s', async (_what, bytes, words) => {
    expect(await messageOf(open(bytes))).toBe(`"test" ${words}.`);
  });

  test.each([[['none', 'some']], [['some', 'none']]])(
    'but not tensors that begin at one byte, of which one has none: %j',
    async (order) => {
      const entries = {
        none: { dtype: 'F32', shape: [0], data_offsets: [0, 0] },
        some: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
      };
      const header = Object.fromEntries(order.map((name) => [name, entries[name as keyof typeof entries]]));
      const { tensors } = await open(file(JSON.stringify(header), 8));
      expect([...tensors.keys()]).toEqual(order);
      expect(await tensors.get('some')!.read()).toEqual(Float32Array.of(0, 0));
    },
  );
});

test.each([...Array(9).keys()])('what is written is read, with a name of %i more letters', async (more) => {
  const name = 'w'.repeat(1 + more);
  const tensors = new Map([
    [name, { shape: [2], values: Float32Array.of(1, -2) }],
    ['of float64', { shape: [], values: Float64Array.of(0.1) }],
  ]);
  const bytes = writeSafetensors(tensors, { of: 'ours' });
  const length = Number(Buffer.from(bytes).readBigUInt64LE());
  const text = Buffer.from(bytes).toString('utf8', 8, 8 + length);
  // Filled up with spaces to a multiple of eight, and no further.
  expect([length % 8, text.length - text.trimEnd().length < 8, /^ *$/.test(text.slice(text.trimEnd().length))]).toEqual([0, true, true]);
  expect(bytes).toHaveLength(8 + length + 12);
  const opened = await open(bytes);
  expect(opened.metadata).toEqual({ format: 'pt', of: 'ours' });
  expect(await opened.tensors.get(name)!.read()).toEqual(Float32Array.of(1, -2));
  expect(await opened.tensors.get('of float64')!.read()).toEqual(Float32Array.of(0.1));
}); // prettier-ignore
