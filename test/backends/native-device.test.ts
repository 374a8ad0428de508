import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { Parameter } from '../../src/nn/index.js';
import { openNative } from '../../src/node/devices/native.js';
import { evaluate } from '../support/backends.js';
import { expectClose, haveSameBits } from '../support/compare.js';
import { instructionSets, runnableSets } from '../support/instruction-sets.js';
import { generator, randomValues, seed } from '../support/random.js';

let native: v.NativeBackend;
beforeEach(() => {
  native = openNative(2);
});
afterEach(() => {
  native.destroy();
});

describe('the device', () => {
  test('is named by instruction set and threads; the best set is taken', () => {
    const before = process.env['VITRINE_KERNELS'];
    delete process.env['VITRINE_KERNELS'];
    try {
      const [one, three] = [openNative(1), openNative(3)];
      expect([one.adapter, three.adapter]).toEqual([
        `C++, ${runnableSets[0]}, 1 thread`,
        `C++, ${runnableSets[0]}, 3 threads`,
      ]);
      expect(three.threads).toBe(3);
      process.env['VITRINE_KERNELS'] = 'portable';
      expect(openNative(1).adapter).toBe('C++, portable, 1 thread');
    } finally {
      delete process.env['VITRINE_KERNELS'];
      if (before !== undefined) process.env['VITRINE_KERNELS'] = before;
    }
  });

  test.each(['sse9', '', ...instructionSets.filter((set) => !runnableSets.includes(set))])(
    'no kernels "%s"',
    (kernels) => {
      const open = (): unknown => openNative(1, kernels);
      expect(open).toThrow(v.DeviceError);
      expect(open).toThrow(`The native backend cannot be opened: this processor cannot run ${kernels}.`);
    },
  );

  test.each([
    ['as much as is taken', 2 ** 24],
    ['too little', 2 ** 23],
    ['far more', 2 ** 27],
  ])('computes the same where %s was foreseen', async (_how, bytes) => {
    const random = generator();
    const [x, ...weights] = Array.from({ length: 5 }, () =>
      v.constant(randomValues(1024 * 1024, random), [1024, 1024]),
    );
    const graph = { y: weights.reduce((y, weight) => v.softmax(v.matmul(y, weight)), x) };
    const expected = await evaluate(graph, native);
    native.foresee(bytes);
    const program = await v.compile(graph, native);
    expect(haveSameBits((await program.run()).y, expected.y)).toBe(true);
    // One that comes later finds the weights there.
    native.foresee(bytes);
    expect(haveSameBits((await evaluate(graph, native)).y, expected.y)).toBe(true);
    program.dispose();
    expect(native.memory()).toEqual({ buffers: 0, bytes: 0 });
    // Twice, not at all, and when it is too late.
    for (const size of [bytes, bytes, 0, bytes]) native.foresee(size);
    expect(haveSameBits((await evaluate(graph, native)).y, expected.y)).toBe(true);
    native.foresee(bytes);
    native.destroy();
    native.foresee(bytes);
  });

  test('says what one core can do', () => {
    expect(native.multiplyAddRate(1)).toBeGreaterThan(1e6);
    native.destroy();
    expect(() => native.multiplyAddRate(1)).toThrow('The native backend was destroyed; open it again.');
  });
});

describe(`programs of a device (seed ${seed})`, () => {
  const random = generator();
  /** Attention of rows to each other, again and again; all of it is read once more at the end. */
  const layers = (rows: number, count: number): v.Tensor => {
    const x = v.input('x', [rows, 64]);
    const all = [x];
    for (let i = 0; i < count; i++) all.push(v.matmul(v.softmax(v.matmul(all[i], v.transpose(x))), x));
    return all.reduce((sum, one) => v.add(v.multiply(sum, sum), one));
  };

  test.each([
    ['a smaller one', 512, 3, 0.75],
    ['a larger one, whose scores need new memory', 1024, 4, 1],
    ['one with more that it writes to', 700, 8, 0.75],
  ])(
    'write to the same memory, one after the other: %s beside the first',
    async (_which, rows, count, share) => {
      const graphs = [{ y: layers(768, 5) }, { y: layers(rows, count) }];
      const inputs = [768, rows].map((size) => ({ x: randomValues(64 * size, random) }));
      const expected: v.Values[] = [];
      const alone: number[] = [];
      for (const [i, graph] of graphs.entries()) {
        const program = await v.compile(graph, native);
        alone.push(native.memory().bytes);
        expected.push((await program.run(inputs[i])).y);
        program.dispose();
      }
      expect(native.memory()).toEqual({ buffers: 0, bytes: 0 });
      const programs: v.Program[] = [];
      for (const graph of graphs) programs.push(await v.compile(graph, native));
      // No program has less than it needs, and together they have less than each its own.
      expect(native.memory().bytes).toBeGreaterThanOrEqual(Math.max(...alone));
      expect(native.memory().bytes).toBeLessThan(share * (alone[0] + alone[1]));
      for (const order of [
        [0, 1, 0, 1, 1, 0],
        [1, 1, 0],
      ]) {
        const runs = await Promise.all(order.map((i) => programs[i].run(inputs[i])));
        runs.forEach(({ y }, run) => {
          expect(haveSameBits(y, expected[order[run]])).toBe(true);
        });
      }
      // What is left of the first goes on being the second's.
      programs[0].dispose();
      expect(haveSameBits((await programs[1].run(inputs[1]))['y'], expected[1])).toBe(true);
      const third = await v.compile(graphs[0], native);
      expect(haveSameBits((await third.run(inputs[0])).y, expected[0])).toBe(true);
      for (const program of [third, programs[1]]) program.dispose();
      expect(native.memory()).toEqual({ buffers: 0, bytes: 0 });
    },
  );
});

describe(`lanes (seed ${seed})`, () => {
  const random = generator();
  const lanes = openNative(3, undefined, 2);
  afterAll(() => {
    lanes.destroy();
  });

  test('share weights, and give what one lane gives, bit for bit, however many runs there are', async () => {
    const weight = new Parameter([64, 256]);
    weight.assign(randomValues(64 * 256, random));
    const x = v.input('x', [2, 64]);
    const graph = { y: v.softmax(v.matmul(x, weight)) };
    const [alone, shared] = [await v.compile(graph, native), await v.compile(graph, lanes)];
    const inputs = Array.from({ length: 7 }, () => ({ x: randomValues(2 * 64, random) }));
    const expected = [];
    for (const one of inputs) expected.push(await alone.run(one));
    expect(await Promise.all(inputs.map((one) => shared.run(one)))).toEqual(expected);
    // The numbers of the weight once, and beside it what few values of a run take.
    expect(lanes.memory().bytes).toBeLessThan(2 * 4 * weight.size);
    shared.dispose();
    expect(lanes.memory()).toEqual({ buffers: 0, bytes: 0 });
    await expect(shared.run(inputs[0])).rejects.toThrow('was disposed of');
  });

  test('take no program that updates what other runs read', async () => {
    const weight = new Parameter([2]);
    weight.assign(Float32Array.of(1, 2));
    await expect(v.compile({ weight }, lanes, new Map([[weight, v.add(weight, 1)]]))).rejects.toThrow(
      'A program that updates constants cannot run beside others that read them; open the backend with 1 lane, not 2.',
    );
  });
});

describe(`constants (seed ${seed})`, () => {
  const random = generator();

  test('what was read for the backend alone is emptied at once, an array of somebody else never', async () => {
    const [own, other] = [randomValues(6, random), randomValues(6, random)];
    const read = own.slice();
    const parts = new Float32Array(8);
    const weights = [own, other, own].map(() => new Parameter([2, 3]));
    weights[0].assign(() => Promise.resolve(read));
    weights[1].assign(other);
    weights[2].assign(() => Promise.resolve(parts.fill(1).subarray(1, 7)));
    const y = v.add(v.add(weights[0], weights[1]), weights[2]);
    const { y: sum } = await evaluate({ y }, native);
    expectClose(
      sum,
      own.map((value, i) => value + other[i] + 1),
      { absolute: 1e-6 },
    );
    expect([read.length, parts.length, other.length]).toEqual([0, 0, 6]);
  });
});
