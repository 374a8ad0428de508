import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { Linear } from '../../src/nn/index.js';
import type { CheckpointTensor } from '../../src/index.js';
import { evaluate } from '../support/backends.js';
import { messageOf } from '../support/messages.js';

/** A checkpoint of a linear layer that counts what is read of it. Row i of the weight is i throughout. */
function checkpointOf(
  shape: readonly [number, number],
  fault?: number,
): { source: string; tensors: Map<string, CheckpointTensor>; read: string[] } {
  const read: string[] = [];
  const tensor = (name: string, of: readonly number[], value: (i: number) => number): CheckpointTensor => ({
    dtype: 'F32',
    shape: of,
    read: () => {
      read.push(name);
      const values = new Float32Array(of.reduce((product, extent) => product * extent, 1));
      const rows = of.length === 2 ? of[1] : 1;
      for (let i = 0; i < of[0]; i++) values.fill(value(i), i * rows, (i + 1) * rows);
      if (name === 'weight' && fault !== undefined) values[fault] = Infinity;
      return Promise.resolve(values);
    },
  });
  const tensors = new Map([
    ['weight', tensor('weight', shape, (i) => i)],
    ['bias', tensor('bias', [shape[0]], (i) => -i)],
  ]);
  return { source: 'test', tensors, read };
}

describe('a checkpoint', () => {
  const backend = new v.ReferenceBackend();
  // 32 MiB of float32, and a little more.
  const [small, large] = [
    [3, 8],
    [3, 2.8e6],
  ] as const;

  test('that is small is read at once, and never again', async () => {
    const linear = new Linear(small[1], small[0]);
    const checkpoint = checkpointOf(small);
    await v.loadCheckpoint(linear, checkpoint);
    expect(checkpoint.read).toEqual(['weight', 'bias']);
    const y = linear.call(v.constant(new Float32Array(small[1]).fill(1), [1, small[1]]));
    for (let i = 0; i < 2; i++) expect([...(await evaluate({ y }, backend)).y]).toEqual([0, 7, 14]);
    expect(checkpoint.read).toEqual(['weight', 'bias']);
    expect(linear.weight.storage.values).toHaveLength(24);
  });

  test('that is large is read when it is compiled, and not held', async () => {
    const linear = new Linear(large[1], large[0]);
    const checkpoint = checkpointOf(large);
    await v.loadCheckpoint(linear, checkpoint);
    expect(checkpoint.read).toEqual([]);
    const one = new Float32Array(large[1]);
    one[5] = 1;
    const y = linear.call(v.constant(one, [1, large[1]]));
    expect([...(await evaluate({ y }, backend)).y]).toEqual([0, 0, 0]);
    expect(checkpoint.read.sort()).toEqual(['bias', 'weight']);
    expect(linear.weight.storage.isGiven).toBe(true);
    expect(linear.weight.storage.values).toBeUndefined();
  });

  test('of 32 MiB is small', async () => {
    const checkpoint = checkpointOf([1, 2 ** 23 - 1]);
    await v.loadCheckpoint(new Linear(2 ** 23 - 1, 1), checkpoint);
    expect(checkpoint.read).toEqual(['weight', 'bias']);
  });

  test('that is large gives away its numbers in memory of their own', async () => {
    const linear = new Linear(large[1], large[0]);
    const checkpoint = checkpointOf(large);
    const [weight, room] = [new Float32Array(large[0] * large[1]), new Float32Array(5).fill(9)];
    const tensor = (name: string, values: Float32Array<ArrayBuffer>): void => {
      checkpoint.tensors.set(name, {
        ...checkpoint.tensors.get(name)!,
        read: () => Promise.resolve(values),
      });
    };
    tensor('weight', weight);
    tensor('bias', room.subarray(1, 4));
    await v.loadCheckpoint(linear, checkpoint);
    // What fills its memory already is handed on; what shares it is copied.
    expect(await linear.weight.storage.read()).toBe(weight);
    const parameters = new Map(linear.namedParameters());
    const bias = await parameters.get('bias')!.storage.read();
    expect(bias).toEqual(Float32Array.of(9, 9, 9));
    expect(bias.buffer.byteLength).toBe(12);
  });

  test('that holds a number that is none is refused, at once or when it is compiled', async () => {
    const message = 'Infinity in tensor "weight"';
    expect(
      await messageOf(v.loadCheckpoint(new Linear(small[1], small[0]), checkpointOf(small, 2))),
    ).toContain(message);
    const linear = new Linear(large[1], large[0]);
    await v.loadCheckpoint(linear, checkpointOf(large, 1e6));
    const refused = v.compile({ y: v.sum(linear.weight) }, backend);
    expect(await messageOf(refused)).toContain(`"test" holds ${message} (F32, [3, 2800000], value 1000000)`);
    expect(backend.memory()).toEqual({ buffers: 0, bytes: 0 });
  });
});
