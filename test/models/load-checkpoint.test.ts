import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { loadCheckpoint } from '../../src/models/checkpoint/load.js';
import { readSafetensors } from '../../src/models/checkpoint/safetensors.js';
import { writeSafetensors } from '../../src/models/checkpoint/write.js';

type Tensors = Readonly<Record<string, readonly [shape: readonly number[], values: readonly number[]]>>;

function written(tensors: Tensors, metadata?: Record<string, string>): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(tensors).map(
    ([name, [shape, values]]) => [name, { shape, values: Float32Array.from(values) }] as const,
  );
  return writeSafetensors(new Map(entries), metadata);
}

describe('a checkpoint that is written', () => {
  test('is read as the same, in the same order', () => {
    const tensors = { b: [[2, 1], [0.1, -0]], a: [[], [3]], none: [[0, 2], []], c: [[1], [Infinity]] } as const; // prettier-ignore
    const { tensors: found, metadata } = readSafetensors(written(tensors, { step: '7' }), 'test');
    expect([...found].map(([name, { dtype, shape, values }]) => [name, dtype, shape, [...values]])).toEqual(
      Object.entries(tensors).map(([name, [shape, values]]) => [name, 'F32', shape, values.map(Math.fround)]),
    );
    expect(metadata).toEqual({ format: 'pt', step: '7' });
    expect(readSafetensors(written({}), 'test').metadata).toEqual({ format: 'pt' });
  });

  test('has its data where they can be read in place, however long the header is', () => {
    const lengths = Array.from({ length: 9 }, (_, i) => {
      const bytes = written({ ['w'.repeat(i + 1)]: [[1], [5]] });
      expect(readSafetensors(bytes, 'test').tensors.values().next().value!.values.buffer).toBe(bytes.buffer);
      const header = new DataView(bytes.buffer).getUint32(0, true);
      expect(header % 8).toBe(0);
      expect(bytes.length).toBe(8 + header + 4);
      const text = new TextDecoder().decode(bytes.subarray(8, 8 + header));
      expect(text).toMatch(/^\{.*\} {0,7}$/);
      return header;
    });
    // One letter more can only take eight bytes more where the last eight were full.
    expect(new Set(lengths).size).toBe(2);
  });
});

describe('a checkpoint that is loaded', () => {
  const whole: Tensors = { weight: [[1, 2], [1, 2]], bias: [[1], [3]] }; // prettier-ignore
  const load = (tensors: Tensors): v.Linear => {
    const linear = new v.Linear(2, 1);
    loadCheckpoint(linear, readSafetensors(written(tensors), 'file'), 'file');
    return linear;
  };
  const belongs = 'use the checkpoint that belongs to this model.';

  test('gives every parameter its numbers', async () => {
    const linear = load(whole);
    const { y } = await (
      await v.compile({ y: linear.call(v.constant([10, 100], [1, 2])) }, new v.ReferenceBackend())
    ).run({});
    expect([...y]).toEqual([213]);
  });

  test.each<[string, Tensors, string]>([
    ['lacks one', { weight: whole['weight'] }, `"file" lacks "bias"; ${belongs}`],
    ['lacks all', {}, `"file" lacks "weight", "bias"; ${belongs}`],
    [
      'holds others',
      { ...whole, a: [[], [0]] },
      `"file" holds "a", which the model does not know; ${belongs}`,
    ],
    [
      'lacks one and holds many others',
      { weight: whole['weight'], a: [[], [0]], b: [[], [0]], c: [[], [0]], d: [[], [0]], e: [[], [0]] },
      `"file" lacks "bias" and holds "a", "b", "c" and 2 more, which the model does not know; ${belongs}`,
    ],
    [
      'holds another shape',
      {
        ...whole,
        weight: [
          [2, 1],
          [1, 2],
        ],
      },
      `"file" holds "weight" with shape [2, 1], but the model needs [1, 2]; ${belongs}`,
    ],
    [
      'holds what is no number',
      { ...whole, bias: [[1], [NaN]] },
      '"file" holds NaN in tensor "bias" (F32, [1], value 0): the checkpoint is damaged or was saved after training ' +
        'diverged, use another one.',
    ],
  ])('is refused where it %s', (_, tensors, message) => {
    expect(() => load(tensors)).toThrow(new v.WeightsError(message));
  });
});
