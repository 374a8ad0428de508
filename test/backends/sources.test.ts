import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { Parameter } from '../../src/nn/index.js';
import { backendNames, evaluate, useBackends } from '../support/backends.js';
import { haveSameBits } from '../support/compare.js';
import { generator, randomValues, seed } from '../support/random.js';

/** A parameter whose numbers are elsewhere, and those that it gives when it is asked. */
function elsewhere(values: v.Values, shape: readonly number[]): { weight: Parameter; read: v.Values[] } {
  const read: v.Values[] = [];
  const weight = new Parameter(shape);
  weight.assign(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    read.push(values.slice());
    return read.at(-1)!;
  });
  return { weight, read };
}

// Parameters whose numbers are read when a backend takes its copy of them.
describe.each(backendNames)(`numbers that are elsewhere, on %s (seed ${seed})`, (name) => {
  const backends = useBackends();
  const random = generator();
  const values = randomValues(24 * 40, random);
  const x = v.constant(randomValues(9 * 40, random), [9, 40]);
  const z = v.constant(randomValues(9 * 24, random), [9, 24]);

  test('give the results that numbers in memory give, each read once and not held', async () => {
    const before = backends[name].memory();
    const { weight, read } = elsewhere(values, [24, 40]);
    const held = new Parameter([24, 40]);
    held.assign(values);
    const graph = (w: v.Tensor): Record<'forward' | 'backward' | 'plain', v.Tensor> => ({
      forward: v.matmul(x, v.transpose(w)),
      backward: v.matmul(z, w),
      plain: v.add(w, 1),
    });
    const [expected, actual] = [
      await evaluate(graph(held), backends[name]),
      await evaluate(graph(weight), backends[name]),
    ];
    for (const output of ['forward', 'backward', 'plain'] as const) {
      expect(haveSameBits(actual[output], expected[output])).toBe(true);
    }
    expect(read).toHaveLength(1);
    expect(weight.storage.values).toBeUndefined();
    expect(held.storage.values).toBe(values);
    expect(values).toHaveLength(24 * 40);
    await evaluate(graph(weight), backends[name]);
    expect(read).toHaveLength(2);
    expect(backends[name].memory()).toEqual(before);
  });

  test('are read once for programs that are there at the same time and read the same', async () => {
    const { weight, read } = elsewhere(values, [24, 40]);
    const compiled = await Promise.all(
      [1, 2, 3].map(() => v.compile({ y: v.matmul(z, weight) }, backends[name])),
    );
    const [first, ...others] = await Promise.all(compiled.map((program) => program.run()));
    for (const { y } of others) expect(haveSameBits(y, first.y)).toBe(true);
    expect(read).toHaveLength(1);
    for (const program of compiled) program.dispose();
  });

  test('a later program that reads them in another way gets what it needs', async () => {
    const { weight, read } = elsewhere(values, [24, 40]);
    const held = v.constant(values, [24, 40]);
    const graphs = [
      (w: v.Tensor) => v.matmul(z, w),
      (w: v.Tensor) => v.matmul(x, v.transpose(w)),
      (w: v.Tensor) => v.multiply(w, 2),
      (w: v.Tensor) => v.matmul(v.slice(z, 1, 0, 12), v.slice(w, 0, 0, 12)),
    ];
    const programs: v.Program<'y'>[] = [];
    for (const graph of graphs) {
      const program = await v.compile({ y: graph(weight) }, backends[name]);
      const expected = await evaluate({ y: graph(held) }, backends[name]);
      for (let run = 0; run < 3; run++) {
        expect(haveSameBits((await program.run()).y, expected.y)).toBe(true);
      }
      programs.push(program);
    }
    // Those on the CPU pack them anew until they have them as they are; native makes the second pack of the first.
    const times: Partial<Record<typeof name, number>> = { native: 2, wasm: 3 };
    expect(read).toHaveLength(times[name] ?? 1);
    for (const program of programs) program.dispose();
  });

  test('are not read again after an update: the updated ones count', async () => {
    const { weight, read } = elsewhere(values, [24, 40]);
    const step = await v.compile({}, backends[name], new Map([[weight, v.multiply(weight, 2)]]));
    await step.run();
    const { y } = await evaluate({ y: v.matmul(z, weight) }, backends[name]);
    const doubled = v.constant(
      values.map((value) => 2 * value),
      [24, 40],
    );
    const { y: expected } = await evaluate({ y: v.matmul(z, doubled) }, backends[name]);
    expect(haveSameBits(y, expected)).toBe(true);
    expect(read).toHaveLength(1);
    step.dispose();
  });

  test('that cannot be read: the failure is that of the source, and nothing is held', async () => {
    const before = backends[name].memory();
    const { weight: good } = elsewhere(values, [24, 40]);
    const broken = new Parameter([24, 40]);
    let isBroken = true;
    const failure = new v.WeightsError('The disk is gone.');
    broken.assign(() => (isBroken ? Promise.reject(failure) : Promise.resolve(values.slice())));
    const graph = { y: v.matmul(v.add(good, broken), v.constant(values, [40, 24])) };
    await expect(v.compile(graph, backends[name])).rejects.toBe(failure);
    expect(backends[name].memory()).toEqual(before);
    isBroken = false;
    expect((await evaluate(graph, backends[name])).y).toHaveLength(24 * 24);
    expect(backends[name].memory()).toEqual(before);
  });

  test.each([
    [new Float32Array(24 * 40 - 1), 'A parameter of shape [24, 40] cannot hold 959 values.'],
    ['numbers', 'assign: what the function gives is "numbers"; expected'],
  ])('of another kind or count are refused', async (given, message) => {
    const before = backends[name].memory();
    const weight = new Parameter([24, 40]);
    weight.assign(() => Promise.resolve(given as v.Values));
    const failure = v.compile({ y: weight }, backends[name]);
    await expect(failure).rejects.toThrow(v.ShapeError);
    await expect(failure).rejects.toThrow(message);
    expect(backends[name].memory()).toEqual(before);
  });

  test('may be assigned anew, and float64', async () => {
    const { weight } = elsewhere(Float64Array.of(1, 2), [2]);
    const first = await v.compile({ y: weight }, backends[name]);
    weight.assign(() => Promise.resolve(Float64Array.of(3, 4)));
    const second = await v.compile({ y: weight }, backends[name]);
    expect([...(await first.run()).y, ...(await second.run()).y]).toEqual([1, 2, 3, 4]);
    for (const program of [first, second]) program.dispose();
  });

  test('are not all in memory at once, however many they are', async () => {
    const size = 2 ** 20;
    let [there, most] = [0, 0];
    const weights = Array.from({ length: 16 }, (_, i) => {
      const weight = new Parameter([size]);
      weight.assign(async () => {
        most = Math.max(most, ++there);
        // Long enough for all that are asked for now to be so.
        for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
        there--;
        return new Float32Array(size).fill(i);
      });
      return weight;
    });
    const y = v.slice(
      weights.reduce((sum: v.Tensor, weight) => v.add(sum, weight), v.literal(0)),
      0,
      0,
      1,
    );
    expect([...(await evaluate({ y }, backends[name])).y]).toEqual([120]);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(6);
  });
});

test('a parameter takes numbers or what reads them', () => {
  expect(() => {
    new Parameter([1]).assign('1' as unknown as v.Values);
  }).toThrow(
    'assign: the list of values is "1"; expected a Float32Array or Float64Array, or a function that reads them.',
  );
});
