import { describe, expect, test } from '@jest/globals';
import { bytesSource, openTensors, type TensorFile } from '../../src/index.js';
import { messageOf } from '../support/messages.js';
import { pickleBytes, type Pickled } from '../support/pickle-bytes.js';
import { torchBytes } from '../support/torch-bytes.js';
import { zipBytes, type ZipRecord } from '../support/zip-bytes.js';

const open = (bytes: Buffer): Promise<TensorFile> =>
  openTensors(bytesSource('test.pth', new Uint8Array(bytes)));

const float32: Pickled = { name: ['torch', 'FloatStorage'] };

/** A storage of five numbers as pickles refer to it; some parts may be others. */
function storage(parts: { [part: number]: Pickled } = {}): Pickled {
  return { persistent: Object.assign(['storage', float32, '0', 'cpu', 5], parts) as Pickled[] };
}

function tensor(...args: readonly Pickled[]): Pickled {
  return { call: { name: ['torch._utils', '_rebuild_tensor_v2'] }, args };
}

const dict = (items: Readonly<Record<string, Pickled>>): Pickled => ({ dict: Object.entries(items) });

/** All five numbers. */
const whole = tensor(storage(), 0, [5], [1]);

/** 1 to 5. */
const numbers = Buffer.from(Float32Array.of(1, 2, 3, 4, 5).buffer);

/** A file of one tensor and a storage of five numbers. */
const fileOf = (checkpoint: Pickled): Buffer =>
  torchBytes(checkpoint, [{ type: 'FloatStorage', count: 5, data: numbers }]);

describe('what a pickle says of tensors has to make sense', () => {
  const noStorage = 'a reference to something that is no storage';
  const lacking = 'a storage without type, key or size';
  const outside = 'a view that does not lie within its storage of 5 numbers';
  const incomplete = 'a tensor with a negative stride, or without storage, offset, sizes or strides';
  const of = (id: Pickled): Pickled => tensor(id, 0, [1], [1]);
  const axes = (count: number): Pickled => Array<number>(count).fill(1);
  test.each<[string, Pickled, string]>([
    ['a reference of another kind', of(storage({ 0: 'module' })), noStorage],
    ['a reference that is a word', of({ persistent: 'storage' }), noStorage],
    ['a storage of no type', of(storage({ 1: null })), lacking],
    ['a storage of a type by its mere name', of(storage({ 1: 'FloatStorage' })), lacking],
    ['a storage of what is no type of storages', of(storage({ 1: { name: ['torch', 'float32'] } })), lacking],
    ['a key that is a number', of(storage({ 2: 0 })), lacking],
    ['a negative size', of(storage({ 4: -5 })), lacking],
    ['a size in letters', of(storage({ 4: '5' })), lacking],
    ['half a number', of(storage({ 4: 4.5 })), lacking],
    ['a size beyond all that is counted exactly', of(storage({ 4: 2n ** 53n })), lacking],
    ['no size', of({ persistent: ['storage', float32, '0', 'cpu'] }), lacking],
    ['a view that is none', of(storage({ 5: 'view' })), outside],
    ['a view from before its storage on', of(storage({ 5: ['v', -1, 3] })), outside],
    ['a view of fewer numbers than none', of(storage({ 5: ['v', 1, -1] })), outside],
    ['a view from nowhere', of(storage({ 5: ['v', null, 3] })), outside],
    ['a view beyond its storage', of(storage({ 5: ['v', 3, 3] })), outside],
    ['a view of one number too many', of(storage({ 5: ['v', 0, 6] })), outside],
    ['nothing at all', tensor(), incomplete],
    ['None for a storage', of(null), incomplete],
    ['a word for a storage', of('0'), incomplete],
    ['a list for a storage', of({ list: [] }), incomplete],
    ['a dict for a storage', of(dict({ dtype: 'F32', key: '0' })), incomplete],
    ['a tensor for a storage', of(whole), incomplete],
    ['a negative offset', tensor(storage(), -1, [1], [1]), incomplete],
    ['an offset in letters', tensor(storage(), '0', [1], [1]), incomplete],
    ['half an offset', tensor(storage(), 0.5, [1], [1]), incomplete],
    ['a size that is no list', tensor(storage(), 0, 5, [1]), incomplete],
    ['a size in letters', tensor(storage(), 0, ['5'], [1]), incomplete],
    ['a negative size', tensor(storage(), 0, [5, -1], [1, 1]), incomplete],
    ['no strides', tensor(storage(), 0, [5]), incomplete],
    ['a negative stride', tensor(storage(), 4, [5], [-1]), incomplete],
    ['more sizes than strides', tensor(storage(), 0, [1, 5], [1]), 'a tensor of 2 sizes and 1 strides'],
    ['more strides than sizes', tensor(storage(), 0, [5], [5, 1]), 'a tensor of 1 sizes and 2 strides'],
    ['too many axes', tensor(storage(), 0, axes(65), axes(65)), 'a tensor of 65 sizes and 65 strides'],
    [
      'one number more than there is',
      tensor(storage(), 1, [2, 3], [2, 1]),
      'a tensor of sizes [2, 3] and strides [2, 1] from number 1 on, in a storage of 5 numbers',
    ],
    [
      'one number more than there is, in a view',
      tensor(storage({ 5: ['v', 2, 3] }), 1, [3], [1]),
      'a tensor of sizes [3] and strides [1] from number 3 on, in a storage of 5 numbers',
    ],
    [
      'as many numbers as may be, but more than there are',
      tensor(storage(), 0, [2 ** 10, 2 ** 20], [2 ** 20, 1]),
      'a tensor of sizes [1024, 1048576] and strides [1048576, 1] from number 0 on, in a storage of 5 numbers',
    ],
    [
      'more numbers than any tensor has',
      tensor(storage(), 0, [2 ** 30 + 1], [1]),
      'a tensor of sizes [1073741825], more than 1073741824 numbers',
    ],
    [
      'one number again and again, more often than any tensor has it',
      tensor(storage(), 0, [2 ** 12, 2 ** 12 + 1], [0, 0]),
      'a tensor of sizes [4096, 4097], more than 16777216 numbers',
    ],
    [
      'so many numbers that counting them is no longer exact',
      tensor(storage(), 0, [2 ** 40, 2 ** 40], [1, 1]),
      'a tensor of sizes [1099511627776, 1099511627776], more than 16777216 numbers',
    ],
  ])('%s', async (_what, value, holds) => {
    const message = await messageOf(open(fileOf(dict({ w: value }))));
    expect(message).toBe(`"test.pth" is damaged: its pickle holds ${holds}.`);
  });

  test.each<[string, Pickled, readonly number[], readonly number[]]>([
    ['a tensor that ends where its storage does', tensor(storage(), 1, [2, 2], [2, 1]), [2, 2], [2, 3, 4, 5]],
    ['a view that ends there', tensor(storage({ 5: ['v', 2, 3] }), 0, [3], [1]), [3], [3, 4, 5]],
    ['a tensor within a view', tensor(storage({ 5: ['v', 1, 2] }), 1, [2], [1]), [2], [3, 4]],
    ['a view of nothing', tensor(storage({ 5: ['v', 5, 0] }), 0, [0], [1]), [0], []],
    ['no view', tensor(storage({ 5: null }), 4, [], []), [], [5]],
    ['64 axes', tensor(storage(), 2, axes(64), axes(64)), Array<number>(64).fill(1), [3]],
  ])('%s is right', async (_what, value, shape, values) => {
    const read = (await open(fileOf(dict({ w: value })))).tensors.get('w')!;
    expect(read.shape).toEqual(shape);
    expect(await read.read()).toEqual(Float32Array.from(values));
  });

  test('one number as often as a tensor may have it is right', async () => {
    const { tensors } = await open(fileOf(dict({ w: tensor(storage(), 0, [2 ** 12, 2 ** 12], [0, 0]) })));
    expect(tensors.get('w')!.shape).toEqual([4096, 4096]);
  });
});

describe('where the tensors of a checkpoint are', () => {
  const nested = (depth: number): Pickled =>
    depth === 0 ? dict({ w: whole }) : dict({ model: nested(depth - 1) });

  test('under three keys at most', async () => {
    expect((await open(fileOf(nested(3)))).wrapping).toEqual(['model', 'model', 'model']);
    expect(await messageOf(open(fileOf(nested(4))))).toBe(
      '"test.pth" holds a dict of 1 under "model" under "model" under "model" under "model", and no tensors with ' +
        'names, as a state_dict has them.',
    );
  });

  test('under the only key that has any', async () => {
    const checkpoint = dict({ optimizer: dict({}), net: dict({ w: whole }), hooks: dict({ a: 1 }) });
    expect((await open(fileOf(checkpoint))).wrapping).toEqual(['net']);
  });

  test('those that have a number for a name are left out', async () => {
    const both: Pickled = { dict: [[7, whole], ['w', whole]] }; // prettier-ignore
    expect([...(await open(fileOf(both))).tensors.keys()]).toEqual(['w']);
  });

  const none = 'and no tensors with names, as a state_dict has them';
  test.each<[string, Pickled, string]>([
    ['a dict without tensors', dict({ epoch: 3 }), `holds a dict of 1, ${none}`],
    ['a list', { list: [whole, whole] }, `holds a list or tuple of 2, ${none}`],
    ['a tensor alone', whole, `holds a tensor, ${none}`],
    ['a known key with nothing of use', dict({ state_dict: dict({}) }), `holds a dict of 0 under "state_dict", ${none}`],
    ['a known key that is no dict', dict({ model: 5 }), `holds a dict of 1, ${none}`],
    ['tensors under a number', { dict: [[0, dict({ w: whole })]] }, `holds a dict of 1, ${none}`],
    [
      'tensors under two keys',
      dict({ net: dict({ w: whole }), other: dict({}), 'n\n': dict({ w: whole }) }),
      'holds several tables of tensors, and none of a name that is known: "net", "n\\n"',
    ],
  ])('not in %s', async (_what, checkpoint, words) => {
    expect(await messageOf(open(fileOf(checkpoint)))).toBe(`"test.pth" ${words}.`);
  }); // prettier-ignore
});

describe('the records of a file', () => {
  const pickled = pickleBytes(dict({ w: whole }));
  const file = (...others: readonly ZipRecord[]): Buffer =>
    zipBytes([{ name: 'x/data.pkl', data: pickled }, ...others]);
  const record = { name: 'x/data/0', data: numbers };
  const again = 'fetch it again';

  test.each<[string, Buffer, string]>([
    [
      'a program',
      file(record, { name: 'x/constants.pkl', data: pickled }),
      'is a TorchScript program (torch.jit.save), code as well as weights; load it with torch.jit.load and save its ' +
        'tensors alone, with torch.save(model.state_dict(), PATH) or safetensors',
    ],
    [
      'numbers the other way round',
      file(record, { name: 'x/byteorder', data: Buffer.from('big') }),
      'was written on a machine with another order of bytes ("big"); save it on a usual one',
    ],
    [
      'an order of bytes that is long',
      file(record, { name: 'x/byteorder', data: Buffer.from('little'.repeat(100)) }),
      'was written on a machine with another order of bytes ("littlelittlelitt"); save it on a usual one',
    ],
    ['no numbers', file(), `is damaged: it lacks the record "0" of its numbers; ${again}`],
    [
      'numbers of another file',
      file({ name: 'y/data/0', data: numbers }),
      `is damaged: it lacks the record "0" of its numbers; ${again}`,
    ],
    [
      'a number too few',
      file({ name: 'x/data/0', data: numbers.subarray(4) }),
      `is damaged: its record "0" has 16 bytes, and should have 20; ${again}`,
    ],
    [
      'a byte too many',
      file({ name: 'x/data/0', data: Buffer.concat([numbers, Buffer.alloc(1)]) }),
      `is damaged: its record "0" has 21 bytes, and should have 20; ${again}`,
    ],
    [
      'a pickle that is cut short',
      zipBytes([{ name: 'x/data.pkl', data: pickled.subarray(0, -1) }, record]),
      `is damaged: its pickle ends too early; ${again}`,
    ],
    [
      'a pickle that is longer than any',
      zipBytes([{ name: 'x/data.pkl', data: Buffer.alloc(2 ** 26 + 1) }]),
      'has a pickle of 67108865 bytes, more than the 67108864 that any checkpoint needs',
    ],
    [
      'a pickle that is as long as it may be, and none',
      zipBytes([{ name: 'x/data.pkl', data: Buffer.alloc(2 ** 26) }]),
      'is damaged, or does what no checkpoint does: its pickle holds the instruction 0x0',
    ],
  ])('%s', async (_what, bytes, words) => {
    expect(await messageOf(open(bytes))).toBe(`"test.pth" ${words}.`);
  });

  test('may say that numbers are in the usual order, and have more than the tensors need', async () => {
    const order = { name: 'x/byteorder', data: Buffer.from('little') };
    const { tensors } = await open(file(record, order, { name: 'x/data/1', data: numbers }));
    expect(await tensors.get('w')!.read()).toEqual(Float32Array.of(1, 2, 3, 4, 5));
  });
});
