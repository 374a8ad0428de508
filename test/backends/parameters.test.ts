import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { Parameter } from '../../src/nn/index.js';
import { backendNames, evaluate, useBackends } from '../support/backends.js';

// What programs compute with: the numbers of their parameters when they were compiled, and what updates made of them.
describe.each(backendNames)('parameters on %s', (name) => {
  const backends = useBackends();
  const read = async (program: v.Program<'y'>): Promise<number[]> => [...(await program.run()).y];
  const now = async (y: v.Tensor): Promise<number[]> => [...(await evaluate({ y }, backends[name])).y];
  const doubling = (weight: v.Tensor): Promise<v.Program> =>
    v.compile({}, backends[name], new Map([[weight, v.multiply(weight, 2)]]));

  test('a program has the numbers that were assigned last before it was compiled', async () => {
    const weight = new Parameter([1]);
    const y = v.multiply(weight, 1);
    const programs: v.Program<'y'>[] = [];
    for (const number of [1, 2, 3]) {
      weight.assign(Float32Array.of(number));
      programs.push(await v.compile({ y }, backends[name]));
    }
    expect(await Promise.all(programs.map(read))).toEqual([[1], [2], [3]]);
    for (const program of programs) program.dispose();
    expect(await now(y)).toEqual([3]);
  });

  test('a plan may be made before the first numbers are there', async () => {
    const weight = new Parameter([1]);
    const plan = v.buildPlan({ y: v.multiply(weight, 3) }, undefined, backends[name].fusions);
    weight.assign(Float32Array.of(2));
    const program = new v.Program<'y'>(plan, await backends[name].load(plan));
    weight.assign(Float32Array.of(5));
    expect(await read(program)).toEqual([6]);
    program.dispose();
  });

  test('assigning while a program is being compiled is too late for it', async () => {
    const weight = new Parameter([1]);
    weight.assign(Float32Array.of(1));
    const compiling = v.compile({ y: weight }, backends[name]);
    weight.assign(Float32Array.of(2));
    const program = await compiling;
    expect(await read(program)).toEqual([1]);
    expect(await now(weight)).toEqual([2]);
    program.dispose();
  });

  test('updates of a parameter that is assigned anew afterwards stay with the programs compiled before', async () => {
    const weight = new Parameter([2]);
    weight.assign(Float32Array.of(1, 10));
    const [reader, step] = [await v.compile({ y: weight }, backends[name]), await doubling(weight)];
    await step.run();
    weight.assign(Float32Array.of(3, 30));
    const [laterReader, laterStep] = [await v.compile({ y: weight }, backends[name]), await doubling(weight)];
    await step.run();
    await laterStep.run();
    expect([await read(reader), await read(laterReader)]).toEqual([
      [4, 40],
      [6, 60],
    ]);
    for (const program of [reader, step, laterReader, laterStep]) program.dispose();
  });

  test('what updates made is read as an output while a program uses it, and is gone afterwards', async () => {
    const before = backends[name].memory();
    const weight = new Parameter([2]);
    const values = Float32Array.of(1, 10);
    weight.assign(values);
    const step = await doubling(weight);
    await step.run();
    await step.run();
    expect(await now(weight)).toEqual([4, 40]);
    expect(await now(v.add(weight, 1))).toEqual([5, 41]);
    step.dispose();
    step.dispose();
    expect(backends[name].memory()).toEqual(before);
    expect(await now(weight)).toEqual([1, 10]);
    expect([...values]).toEqual([1, 10]);
    expect(backends[name].memory()).toEqual(before);
  });

  test('a program that cannot be compiled keeps nothing of the constants that it would have used', async () => {
    const before = backends[name].memory();
    const y = v.add(v.constant([1, 2], [2]), new Parameter([2]));
    await expect(v.compile({ y }, backends[name])).rejects.toThrow(v.WeightsError);
    expect(backends[name].memory()).toEqual(before);
  });
});
