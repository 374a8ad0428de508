import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { backendNames, useBackends } from '../support/backends.js';

const y = v.sum(v.relu(v.input('x', [2, 3])));
const x = Float32Array.of(1, -2, 3, -4, 5, -6);

describe('profile', () => {
  const backends = useBackends();

  test.each(backendNames)('%s gives the results of a run and a time for each step', async (name) => {
    const program = await v.compile({ y }, backends[name]);
    const { results, milliseconds } = await program.profile({ x });
    expect([...results.y]).toEqual([9]);
    expect(milliseconds).toHaveLength(program.plan.steps.length);
    expect(Math.min(...milliseconds)).toBeGreaterThanOrEqual(0);
    await expect(program.profile()).rejects.toThrow('input "x" is missing');
  });

  test('WebGPU measures by timestamps where the device has them', async () => {
    const { webgpu: backend } = backends;
    const program = await v.compile({ y }, backend);
    const { clock } = await program.profile({ x });
    const offered = backend.device.features.has('timestamp-query');
    expect(clock).toBe(offered ? 'timestamps' : 'wall clock');
  });

  test('WebGPU counts pipelines, runs and bytes read back', async () => {
    const { webgpu: backend } = backends;
    const program = await v.compile({ y }, backend);
    const before = backend.statistics();
    await program.run({ x });
    const after = backend.statistics();
    expect(after.pipelines).toBe(before.pipelines);
    expect(after.runs - before.runs).toBe(1);
    expect(after.bytesRead - before.bytesRead).toBe(4);
    expect(after.hostMilliseconds).toBeGreaterThan(before.hostMilliseconds);
  });

  test('says so if the backend cannot measure', async () => {
    const program = new v.Program(v.buildPlan({ y }), {
      run: () => Promise.resolve([]),
      dispose: () => undefined,
    });
    await expect(program.profile({ x })).rejects.toThrow(v.UsageError);
  });
});
