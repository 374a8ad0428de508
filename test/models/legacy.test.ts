import { describe, expect, test } from '@jest/globals';
import { bytesSource, openTensors, type ByteSource, type TensorFile } from '../../src/index.js';
import { littleEndian } from '../support/little-endian.js';
import { messageOf } from '../support/messages.js';
import { pickleBytes, type Pickled } from '../support/pickle-bytes.js';

/** A tensor of all numbers of a storage, or of a view of it. */
function tensor(key: string, count: number, view: Pickled = null, length = count): Pickled {
  const id: Pickled = ['storage', { name: ['torch', 'FloatStorage'] }, key, 'cpu', count, view];
  return {
    call: { name: ['torch._utils', '_rebuild_tensor'] },
    args: [{ persistent: id }, 0, [length], [1]],
  };
}

const dict = (items: Readonly<Record<string, Pickled>>): Pickled => ({ dict: Object.entries(items) });

const magic = 0x1950a86a20f9469cfc6cn;

/** What a file of before version 1.6 begins with, of two storages of two and three numbers; some parts may be others. */
const usual = {
  magic: magic as Pickled,
  version: 1001 as Pickled,
  machine: dict({ little_endian: true }),
  checkpoint: dict({ a: tensor('0', 2), b: tensor('1', 3) }),
  keys: { list: ['0', '1'] } as Pickled,
};

const numbers = { 0: [1, 2], 1: [3, 4, 5] } as const;

/** Storages in some order, each after the count that is said. */
function storages(...listed: readonly (readonly [key: 0 | 1, count: number])[]): Buffer {
  return Buffer.concat(
    listed.flatMap(([key, count]) => [
      littleEndian([8, count]),
      Buffer.from(Float32Array.from(numbers[key]).buffer),
    ]),
  );
}

/** The pickles, and as many storages as the usual file has. */
function fileOf(parts: Partial<typeof usual>, rest = storages([0, 2], [1, 3])): Buffer {
  return Buffer.concat([...Object.values({ ...usual, ...parts }).map((part) => pickleBytes(part)), rest]);
}

const open = (bytes: Buffer): Promise<TensorFile> =>
  openTensors(bytesSource('old.pth', new Uint8Array(bytes)));

const valuesOf = async (file: TensorFile): Promise<unknown> =>
  Promise.all([...file.tensors].map(async ([name, read]) => [name, [...(await read.read())]]));

describe('what torch.save wrote before version 1.6 is read', () => {
  const values = [
    ['a', [1, 2]],
    ['b', [3, 4, 5]],
  ];

  test.each<[string, Buffer]>([
    ['in the order in which its storages are listed', fileOf({})],
    ['in another order', fileOf({ keys: { list: ['1', '0'] } }, storages([1, 3], [0, 2]))],
    ['if nothing is said of the machine', fileOf({ machine: dict({}) })],
    ['if what is said of it is no table', fileOf({ machine: 'a good one' })],
    ['with more behind it', Buffer.concat([fileOf({}), Buffer.alloc(9)])],
  ])('%s', async (_what, bytes) => {
    const file = await open(bytes);
    expect(file.format).toBe('PyTorch, as before version 1.6');
    expect(await valuesOf(file)).toEqual(values);
  });

  test('where a storage is a view of another', async () => {
    const checkpoint = dict({ a: tensor('0', 2), b: tensor('1', 3), c: tensor('1', 3, ['view', 1, 2], 2) });
    expect(await valuesOf(await open(fileOf({ checkpoint })))).toEqual([...values, ['c', [4, 5]]]);
  });
});

describe('what is none of that, or damaged, is refused', () => {
  const usualBytes = fileOf({});
  const again = 'fetch it again';
  test.each<[string, Buffer, string]>([
    [
      'another pickle',
      fileOf({ magic: 3 }),
      'is a pickle, but not one of PyTorch: only tensors that torch.save wrote can be read',
    ],
    ['another version', fileOf({ version: 1002 }), 'is of version 1002 of the format, and 1001 was expected'],
    [
      'numbers the other way round',
      fileOf({ machine: dict({ little_endian: false }) }),
      'was written on a machine with another order of bytes; save it on a usual one',
    ],
    ['keys that are no list', fileOf({ keys: '01' }), 'is damaged: its list of storages is none'],
    ['keys in a table', fileOf({ keys: dict({ 0: '0' }) }), 'is damaged: its list of storages is none'],
    [
      'a storage of which no tensor is',
      fileOf({ keys: { list: ['0', '1', '7'] } }),
      'is damaged: nothing is known of its storage "7"',
    ],
    [
      'a key that is a number',
      fileOf({ keys: { list: [0, 1] } }),
      'is damaged: nothing is known of its storage "0"',
    ],
    [
      'a tensor of which no storage is there',
      fileOf({ keys: { list: ['0'] } }, storages([0, 2])),
      'is damaged: it lacks the numbers of storage "1"',
    ],
    [
      'storages that are cut short',
      usualBytes.subarray(0, -1),
      `is cut short: its storages need ${usualBytes.length} bytes, and it has ${usualBytes.length - 1}; ${again}`,
    ],
    [
      'a storage with another count',
      fileOf({}, storages([0, 2], [1, 4])),
      'is damaged: its storage "1" has 4 numbers, and should have 3',
    ],
    [
      'a storage with less than none',
      fileOf({}, storages([0, -1], [1, 3])),
      'is damaged: its storage "0" has -1 numbers, and should have 2',
    ],
    [
      'pickles that are cut short',
      fileOf({}, Buffer.alloc(0)).subarray(0, -1),
      `is cut short: it ends within its pickles; ${again}`,
    ],
  ])('%s', async (_what, bytes, words) => {
    expect(await messageOf(open(bytes))).toBe(`"old.pth" ${words}.`);
  });

  /** A file of that size that begins with text without an end. */
  function endless(size: number): ByteSource {
    const start = Buffer.concat([pickleBytes(magic), Buffer.from('\x80\x02X\xff\xff\xff\x7f', 'latin1')]);
    const read = (begin: number, end: number): Promise<Uint8Array<ArrayBuffer>> => {
      expect([begin, end <= size]).toEqual([0, true]);
      const bytes = new Uint8Array(end);
      bytes.set(start.subarray(0, end));
      return Promise.resolve(bytes);
    };
    return { name: 'old.pth', size, read };
  }

  test('pickles without an end, which are not looked for in all of a large file', async () => {
    expect(await messageOf(openTensors(endless(2 ** 40)))).toBe(
      '"old.pth" is damaged: its pickles are longer than the 67108864 bytes that any checkpoint needs.',
    );
    expect(await messageOf(openTensors(endless(2 ** 18)))).toBe(
      `"old.pth" is cut short: it ends within its pickles; ${again}.`,
    );
  });
});
