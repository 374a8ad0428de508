import { describe, expect, test } from '@jest/globals';
import {
  blobSource,
  bytesSource,
  openCheckpoint,
  readTensors,
  type ByteSource,
  type CheckpointTensor,
} from '../../src/index.js';
import { coalesced } from '../../src/models/checkpoint/coalesced.js';
import { encodeSafetensors } from '../support/checkpoints.js';
import { messageOf } from '../support/messages.js';
import { generator, randomValues, seed } from '../support/random.js';

const random = generator();
const draw = (end: number): number => Math.floor(end * random());

describe('neighbours are read together', () => {
  const bytes = new Uint8Array(50_000).map(() => draw(256));

  function counted(): { source: ByteSource; reads: [number, number][] } {
    const reads: [number, number][] = [];
    const plain = bytesSource('test', bytes);
    return {
      reads,
      source: { ...plain, read: (begin, end) => (reads.push([begin, end]), plain.read(begin, end)) },
    };
  }

  test('what is asked for at once, with few reads', async () => {
    const { source, reads } = counted();
    const merged = coalesced(source);
    const found = await Promise.all(
      [
        [10, 20],
        [20_000, 20_010],
        [20, 20],
        [15, 500],
        [0, 4],
        [3000, 3001],
      ].map(([a, b]) => merged.read(a, b)),
    );
    expect(found.map((part) => part.length)).toEqual([10, 10, 0, 485, 4, 1]);
    expect(reads).toEqual([
      [0, 3001],
      [20_000, 20_010],
    ]);
  });

  test("what is long is read alone, into memory that is the reader's", async () => {
    const long = new Uint8Array(3 * 2 ** 20).map(() => draw(256));
    const merged = coalesced(blobSource('blob', new Blob([long])));
    const wanted = [
      [0, 2 ** 20],
      [2 ** 20, 2 ** 20 + 9],
      [2 ** 20 + 9, 2 ** 20 + 20],
      [2 ** 20 + 20, 2 ** 20 + 20 + 2 ** 20],
      [0, 2 ** 20],
    ];
    const found = await Promise.all(wanted.map(([begin, end]) => merged.read(begin, end)));
    wanted.forEach(([begin, end], i) => {
      expect(Buffer.from(long.subarray(begin, end)).equals(found[i])).toBe(true);
    });
    const ofLong = [0, 3, 4].map((i) => found[i]);
    expect(ofLong.map(({ buffer }) => buffer.byteLength)).toEqual([2 ** 20, 2 ** 20, 2 ** 20]);
    expect(new Set(ofLong.map(({ buffer }) => buffer)).size).toBe(3);
    expect(found[1].buffer).toBe(found[2].buffer);
  });

  /** Zeros, as many as are asked for, wherever. */
  function zeros(): { source: ByteSource; reads: [number, number][] } {
    const reads: [number, number][] = [];
    const read = (begin: number, end: number): Promise<Uint8Array<ArrayBuffer>> => {
      reads.push([begin, end]);
      return Promise.resolve(new Uint8Array(end - begin));
    };
    return { reads, source: { name: 'zeros', size: 2 ** 30, read } };
  }

  test('but not across 4096 bytes that nobody wants', async () => {
    for (const [gap, expected] of [[4095, 1], [4096, 2]]) {
      const { source, reads } = zeros();
      const merged = coalesced(source);
      await Promise.all([merged.read(0, 100), merged.read(100 + gap, 200 + gap)]);
      expect([gap, reads.length]).toEqual([gap, expected]);
    }
  }); // prettier-ignore

  test('and not to more than 8 MiB', async () => {
    const { source, reads } = zeros();
    const merged = coalesced(source);
    const start = 5 * 2 ** 20;
    // 16 times half a MiB, and one byte more.
    const parts = Array.from({ length: 16 }, (_, i) => merged.read(start + i * 2 ** 19, start + (i + 1) * 2 ** 19));
    await Promise.all([...parts, merged.read(start + 2 ** 23, start + 2 ** 23 + 1)]);
    expect(reads).toEqual([
      [start, start + 2 ** 23],
      [start + 2 ** 23, start + 2 ** 23 + 1],
    ]);
  }); // prettier-ignore

  test('what is asked for once is not copied', async () => {
    const all = bytes.slice();
    const source: ByteSource = { name: 'once', size: all.length, read: () => Promise.resolve(all) };
    expect((await coalesced(source).read(0, all.length)).buffer).toBe(all.buffer);
  });

  test('two that ask for the same may both keep what they get', async () => {
    for (const source of [blobSource('blob', new Blob([bytes])), bytesSource('bytes', bytes)]) {
      const [one, other] = await Promise.all([1, 2].map(() => coalesced(source).read(0, bytes.length)));
      const merged = coalesced(source);
      const [third, fourth] = await Promise.all([1, 2].map(() => merged.read(0, bytes.length)));
      const all = [bytes, one, other, third, fourth];
      expect(new Set(all.map(({ buffer }) => buffer)).size).toBe(5);
      for (const read of all) expect(Buffer.from(bytes).equals(read)).toBe(true);
    }
  });

  test(`whatever is asked for is what comes (seed ${seed})`, async () => {
    const { source } = counted();
    const merged = coalesced(source);
    const ranges = Array.from({ length: 500 }, () =>
      [draw(bytes.length), draw(bytes.length)].sort((a, b) => a - b),
    );
    const found = await Promise.all(ranges.map(([begin, end]) => merged.read(begin, end)));
    ranges.forEach(([begin, end], i) => {
      expect(Buffer.from(bytes.subarray(begin, end)).equals(found[i])).toBe(true);
    });
  });

  test('what lies beyond the end is refused, and a failure is told to all that wait for it', async () => {
    expect(await messageOf(coalesced(bytesSource('cut', bytes)).read(49_000, 50_001))).toContain(
      '"cut" is cut short',
    );
    for (const [begin, end] of [
      [-1, 5],
      [6, 5],
      [0, 11],
      [NaN, 5],
      [11, 11],
    ]) {
      expect(await messageOf(coalesced(bytesSource('cut', new Uint8Array(10))).read(begin, end))).toBe(
        `"cut" is cut short or damaged: it speaks of its bytes ${begin} to ${end}, but has only 10; fetch it again.`,
      );
    }
    for (const end of [0, 10])
      expect(await coalesced(bytesSource('cut', new Uint8Array(10))).read(end, end)).toHaveLength(0);
    const broken = coalesced({ name: 'broken', size: 100, read: () => Promise.reject(new Error('no disk')) });
    const results = await Promise.allSettled([broken.read(0, 10), broken.read(10, 20)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

test("a browser's file is read like any other", async () => {
  const values = randomValues(300, random);
  const blob = new Blob([new Uint8Array(encodeSafetensors([{ name: 'w', shape: [300], values }]))]);
  const read = await readTensors(await openCheckpoint(blobSource('mine.safetensors', blob)));
  expect(read.get('w')).toEqual({ shape: [300], values });
});

describe('many tensors', () => {
  /** So many tensors of 16 MiB that count how many are being read; nothing of the kind is really there. */
  function large(
    count: number,
    fault?: number,
  ): { tensors: Map<string, CheckpointTensor>; most: () => number } {
    let [reading, most] = [0, 0];
    const tensor = (i: number): CheckpointTensor => ({
      dtype: 'F32',
      shape: [2 ** 22],
      read: async () => {
        most = Math.max(most, ++reading);
        for (let turn = 0; turn < 3 + (i % 5); turn++) await new Promise((resolve) => setImmediate(resolve));
        reading--;
        return Float32Array.of(fault !== undefined && i >= fault ? NaN : 1);
      },
    });
    const names = Array.from({ length: count }, (_, i) => [`t${i}`, tensor(i)] as const);
    return { tensors: new Map(names), most: () => most };
  }

  test('are not all on their way at once, but several are', async () => {
    const { tensors, most } = large(60);
    expect((await readTensors({ source: 'test', tensors })).size).toBe(60);
    expect(most()).toBeGreaterThan(1);
    expect(most()).toBeLessThanOrEqual(8);
  });

  test('of several faults the first in the file is told, whichever is found first', async () => {
    const { tensors } = large(30, 7);
    expect(await messageOf(readTensors({ source: 'test', tensors }))).toContain('tensor "t7"');
  });

  test('only those that are asked for are read', async () => {
    const { tensors, most } = large(5);
    const read = await readTensors({ source: 'test', tensors }, new Set(['t3']));
    expect([...read.keys()]).toEqual(['t3']);
    expect(most()).toBe(1);
  });
});
