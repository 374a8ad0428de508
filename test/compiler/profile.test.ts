import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';

describe('profile', () => {
  const y = v.sum(v.relu(v.input('x', [2, 3])));
  const x = Float32Array.of(1, -2, 3, -4, 5, -6);

  test('gives the results of a run and a time for each step', async () => {
    const program = await v.compile({ y }, new v.ReferenceBackend());
    const { results, milliseconds } = await program.profile({ x });
    expect([...results.y]).toEqual([9]);
    expect(milliseconds).toHaveLength(program.plan.steps.length);
    expect(Math.min(...milliseconds)).toBeGreaterThanOrEqual(0);
    await expect(program.profile()).rejects.toThrow('input "x" is missing');
  });

  test('says so if the backend cannot measure', async () => {
    const program = new v.Program(v.buildPlan({ y }), {
      run: () => Promise.resolve([]),
      dispose: () => undefined,
    });
    await expect(program.profile({ x })).rejects.toThrow(v.UsageError);
  });
});
