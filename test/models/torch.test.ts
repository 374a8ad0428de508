import { describe, expect, test } from '@jest/globals';
import { bytesSource, openTensors } from '../../src/index.js';
import { WeightsError } from '../../src/errors.js';
import { messageOf } from '../support/messages.js';
import { pickleBytes, type Pickled } from '../support/pickle-bytes.js';
import { generator, seed } from '../support/random.js';
import {
  legacyBytes,
  stateDict,
  torchBytes,
  type StorageToWrite,
  type ViewToWrite,
} from '../support/torch-bytes.js';
import { zipBytes } from '../support/zip-bytes.js';

const random = generator();
const draw = (end: number): number => Math.floor(end * random());

/** Of each type some bytes, and the numbers that they are. */
const types: Readonly<Record<string, (count: number) => [data: Buffer, numbers: number[]]>> = {
  FloatStorage: (count) => fromArray(Float32Array.from({ length: count }, () => random() - 0.5)),
  DoubleStorage: (count) => fromArray(Float64Array.from({ length: count }, () => random() - 0.5)),
  IntStorage: (count) => fromArray(Int32Array.from({ length: count }, () => draw(2000) - 1000)),
  ShortStorage: (count) => fromArray(Int16Array.from({ length: count }, () => draw(2000) - 1000)),
  CharStorage: (count) => fromArray(Int8Array.from({ length: count }, () => draw(256) - 128)),
  ByteStorage: (count) => fromArray(Uint8Array.from({ length: count }, () => draw(256))),
  // 1 + k/1024, and 1 + k/128.
  HalfStorage: (count) => halves(count, (k) => [0x3c00 + k, 1 + k / 1024]),
  BFloat16Storage: (count) => halves(count, (k) => [0x3f80 + k, 1 + k / 128]),
};

function fromArray(
  values: Float32Array | Float64Array | Int32Array | Int16Array | Int8Array | Uint8Array,
): [Buffer, number[]] {
  return [Buffer.from(values.buffer), [...values]];
}

function halves(
  count: number,
  half: (k: number) => readonly [bits: number, value: number],
): [Buffer, number[]] {
  const drawn = Array.from({ length: count }, () => half(draw(128)));
  return [fromArray(Int16Array.from(drawn, ([bits]) => bits))[0], drawn.map(([, value]) => value)];
}

interface Sample {
  readonly storages: readonly StorageToWrite[];
  readonly views: readonly ViewToWrite[];
  readonly expected: ReadonlyMap<string, { shape: readonly number[]; values: Float32Array }>;
}

/** Storages of all types, and views of them at random: slices, transposes, strides of 0, tensors without numbers. */
function sample(): Sample {
  const storages: StorageToWrite[] = [];
  const views: ViewToWrite[] = [];
  const expected = new Map<string, { shape: readonly number[]; values: Float32Array }>();
  for (const [storage, [type, make]] of Object.entries(types).entries()) {
    const count = 1 + draw(200);
    const [data, numbers] = make(count);
    storages.push({ type, count, data });
    for (let view = 0; view < 4; view++) {
      const shape = Array.from({ length: draw(4) }, () => draw(5));
      const offset = draw(count);
      const strides = shape.map(() => draw(4));
      const span = shape.reduce((sum, extent, axis) => sum + Math.max(0, extent - 1) * strides[axis], 1);
      if (offset + span > count) continue;
      const places = shape.reduce<number[]>(
        (starts, extent, axis) =>
          starts.flatMap((start) => Array.from({ length: extent }, (_, i) => start + i * strides[axis])),
        [offset],
      );
      const name = `${type}.${view}`;
      views.push({ name, storage, offset, shape, strides });
      expected.set(name, { shape, values: Float32Array.from(places, (place) => numbers[place]) });
    }
    const name = `${type}.whole`;
    views.push({ name, storage, offset: 0, shape: [count], strides: [1] });
    expected.set(name, { shape: [count], values: Float32Array.from(numbers) });
  }
  return { storages, views, expected };
}

async function read(bytes: Buffer): Promise<Map<string, { shape: readonly number[]; values: Float32Array }>> {
  const { tensors } = await openTensors(bytesSource('test.pth', new Uint8Array(bytes)));
  const result = new Map<string, { shape: readonly number[]; values: Float32Array }>();
  for (const [name, tensor] of tensors)
    result.set(name, { shape: tensor.shape, values: await tensor.read() });
  return result;
}

describe(`what torch.save writes is read to the last bit (seed ${seed})`, () => {
  test.each([...Array(5).keys()])('views of storages of every type, in each format, draw %i', async () => {
    const { storages, views, expected } = sample();
    expect(await read(torchBytes(stateDict(storages, views), storages))).toEqual(expected);
    expect(await read(torchBytes(stateDict(storages, views), storages, 'a', true))).toEqual(expected);
    expect(await read(legacyBytes(stateDict(storages, views, true), storages))).toEqual(expected);
  });

  test('under a name of whatever length: its folder in the zip file has the same', async () => {
    const { storages, views, expected } = sample();
    for (let length = 1; length < 140; length++) {
      const bytes = torchBytes(stateDict(storages, views), storages, 'd'.repeat(length));
      expect([length, await read(bytes)]).toEqual([length, expected]);
    }
  });

  test('a pickle that is longer than what is looked at first', async () => {
    const { storages, views, expected } = sample();
    const padded: Pickled = {
      dict: [
        ['notes', 'x'.repeat(1_000_000)],
        ['model', stateDict(storages, views, true)],
      ],
    };
    expect(await read(legacyBytes(padded, storages))).toEqual(expected);
  });

  test('in any wrapping, the best first', async () => {
    const storages = [1, 2].map((value) => ({
      type: 'FloatStorage',
      count: 1,
      data: fromArray(Float32Array.of(value))[0],
    }));
    const model = (storage: number): Pickled =>
      stateDict(storages, [{ name: 'w', storage, offset: 0, shape: [1], strides: [1] }]);
    const [worse, better] = [model(0), model(1)];
    const wrapped: [Pickled, string[]][] = [
      [
        {
          dict: [
            ['state_dict', worse],
            ['state_dict_ema', better],
          ],
        },
        ['state_dict_ema'],
      ],
      [
        {
          dict: [
            ['student', worse],
            ['teacher', better],
            ['epoch', 3],
          ],
        },
        ['teacher'],
      ],
      [
        {
          dict: [
            ['model', { dict: [['state_dict', better]] }],
            ['optimizer', { dict: [['state', { dict: [] }]] }],
          ],
        },
        ['model', 'state_dict'],
      ],
      [
        {
          dict: [
            ['whatever', better],
            ['args', { call: { name: ['argparse', 'Namespace'] }, args: [], state: { dict: [['lr', 1]] } }],
          ],
        },
        ['whatever'],
      ],
      [
        {
          call: { name: ['collections', 'OrderedDict'] },
          args: [{ list: [['w', (better as { dict: [string, Pickled][] }).dict[0][1]]] }],
          state: { dict: [['_metadata', 1]] },
        },
        [],
      ],
    ];
    for (const [checkpoint, wrapping] of wrapped) {
      const opened = await openTensors(bytesSource('test', new Uint8Array(torchBytes(checkpoint, storages))));
      expect(opened.wrapping).toEqual(wrapping);
      expect(await opened.tensors.get('w')!.read()).toEqual(Float32Array.of(2));
    }
    const two: Pickled = {
      dict: [
        ['a', worse],
        ['b', better],
      ],
    };
    expect(await messageOf(read(torchBytes(two, storages)))).toContain('several tables of tensors');
  });
});

describe('names of Python are compared as a whole, and no other is followed', () => {
  const names: [string, string][] = [
    ['os', 'system'],
    ['posix', 'system'],
    ['builtins', 'eval'],
    ['builtins', 'getattr'],
    ['__builtin__', 'exec'],
    ['subprocess', 'Popen'],
    ['torch', 'load'],
    ['torch', 'FloatStorage.from_file'],
    ['torch._utils', '_rebuild_tensor_v2.__globals__'],
    ['torch.serialization', 'os.system'],
    ['torch.storage', '_load_from_bytes'],
    ['collections', 'OrderedDict.__class__'],
    ['collections OrderedDict', ''],
    ['constructor', 'prototype'],
    ['__proto__', 'toString'],
    ['numpy.core.multiarray', '_reconstruct'],
    ['pickle', 'loads'],
  ];

  test.each(names)('%s.%s', async (module, name) => {
    const call: Pickled = { call: { name: [module, name] }, args: ['touch PWNED'] };
    const stacked = Buffer.concat([
      Buffer.from([0x80, 4, 0x8c, module.length]),
      Buffer.from(module),
      Buffer.from([0x8c, name.length]),
      Buffer.from(name),
      Buffer.from([0x93, ...Buffer.from('.')]),
    ]);
    const zipped = (data: Buffer): Buffer => zipBytes([{ name: 'a/data.pkl', data }]);
    const nested = pickleBytes({ dict: [['state_dict', { dict: [['x', call]] }]] });
    for (const bytes of [zipped(pickleBytes(call)), zipped(stacked), zipped(nested), pickleBytes(call)]) {
      const message = await messageOf(read(bytes));
      expect(message).toContain(JSON.stringify(`${module}.${name}`));
      expect(message).toContain('nothing of it was run');
    }
  });

  test('a type of numbers may be named, but not called', async () => {
    const call: Pickled = { call: { name: ['torch', 'FloatStorage'] }, args: [1] };
    expect(await messageOf(read(torchBytes(call, [])))).toContain('it calls torch.FloatStorage');
  });

  test('a whole model is told from other things', async () => {
    const message = await messageOf(read(torchBytes({ call: { name: ['my.models', 'Net'] }, args: [] }, [])));
    expect(message).toMatch(/a whole object of Python's, of class "my\.models\.Net".*state_dict/);
  });
});

describe(`whatever was damaged, the refusal is a sentence (seed ${seed})`, () => {
  const { storages, views } = sample();
  const files: [string, Buffer][] = [
    ['zip', torchBytes(stateDict(storages, views), storages)],
    ['deflated zip', torchBytes(stateDict(storages, views), storages, 'x', true)],
    ['legacy', legacyBytes(stateDict(storages, views, true), storages)],
  ];

  /** Anything that is not a refusal or a result is a fault of ours. */
  async function survives(bytes: Buffer): Promise<void> {
    await read(bytes).catch((error: unknown) => {
      if (!(error instanceof WeightsError)) throw error;
    });
  }

  test.each(files)('%s, cut off anywhere', async (_kind, bytes) => {
    for (let i = 0; i < 150; i++) {
      const cut = bytes.subarray(0, draw(bytes.length));
      expect(await messageOf(read(cut))).toContain('"test.pth"');
    }
  });

  test.each(files)('%s, any byte changed', async (_kind, bytes) => {
    for (let i = 0; i < 400; i++) {
      const changed = Buffer.from(bytes);
      for (let n = 0; n <= draw(3); n++) changed[draw(changed.length)] = draw(256);
      await survives(changed);
    }
  });

  test('pickles of random instructions', async () => {
    const instructions = Buffer.from(
      '(.012NJKMGXCB)tle]ade}su qrhjQcRb\x80\x81\x85\x86\x87\x88\x89\x8a\x8c\x8f\x90\x91\x93\x94',
      'latin1',
    );
    for (let i = 0; i < 3000; i++) {
      const body = Buffer.from(
        Array.from({ length: draw(40) }, () =>
          random() < 0.8 ? instructions[draw(instructions.length)] : draw(256),
        ),
      );
      await survives(
        zipBytes([
          { name: 'a/data.pkl', data: Buffer.concat([Buffer.from([0x80, 2]), body, Buffer.from('.')]) },
        ]),
      );
    }
  });
});
