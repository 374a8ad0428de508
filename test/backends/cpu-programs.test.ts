import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { setImmediate as nextTick } from 'node:timers/promises';
import * as v from '../../src/index.js';
import { evaluate } from '../support/backends.js';
import { expectClose, haveSameBits } from '../support/compare.js';
import { cpuNames, openCpu } from '../support/cpu.js';
import { generator, randomValues, seed } from '../support/random.js';

const wasDisposed = 'run: this program was disposed of; compile it again.';

/** A chain of products that takes a good while, so that something can happen meanwhile, and in which every bit counts. */
const width = 256;
const ones = v.constant(new Float32Array(width).fill(1), [width]);
const zeros = v.constant(new Float32Array(width), [width]);
const long = (links = 60): { y: v.Tensor } => {
  let y = v.input('x', [width, width]);
  for (let i = 0; i < links; i++) y = v.layerNorm(v.matmul(y, y), ones, zeros, 1e-6);
  return { y };
};
const short = (): { y: v.Tensor } => {
  const x = v.input('x', [3]);
  return { y: v.multiply(x, x) };
};
const matrix = randomValues(width * width, generator(1));
const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no failure',
    (error: unknown) => error,
  );

/** Lets what waits for its turn begin. */
async function begun(): Promise<void> {
  for (let i = 0; i < 3; i++) await nextTick();
}

describe.each(cpuNames)('%s', (name) => {
  const open = openCpu[name];
  const wasDestroyed = `The ${name} backend was destroyed; open it again.`;

  let cpu: v.Backend;
  beforeEach(async () => {
    cpu = await open(2);
  });
  afterEach(() => {
    cpu.destroy();
  });

  describe('threads', () => {
    test.each([0, -1, 1.5, 1025, NaN, Infinity])('%d of them are refused', async (threads) => {
      const failure = await failureOf(open(threads));
      expect(failure).toBeInstanceOf(v.UsageError);
      expect(String(failure)).toContain(
        `The number of threads is ${threads}; give a whole number from 1 to 1024.`,
      );
    });

    test('may be far more than there are cores', async () => {
      const many = await open(16);
      const [actual, expected] = await Promise.all(
        [many, cpu].map((backend) => evaluate(long(3), backend, { x: matrix })),
      );
      expect(haveSameBits(actual.y, expected.y)).toBe(true);
      many.destroy();
    });
  });

  describe('several at once', () => {
    const inputs = Array.from({ length: 6 }, (_, i) => randomValues(width * width, generator(i)));

    test('overlapping runs of several programs, and a compilation in between', async () => {
      const graphs = [
        long(2),
        long(5),
        { y: v.gelu(v.matmul(v.input('x', [width, width]), v.constant(matrix, [width, width]))) },
      ];
      const alone: v.Values[][] = [];
      for (const graph of graphs) {
        const results: v.Values[] = [];
        for (const x of inputs) results.push((await evaluate(graph, cpu, { x })).y);
        expect(haveSameBits(results[0], results[1])).toBe(false);
        alone.push(results);
      }
      const programs = await Promise.all(graphs.slice(0, 2).map((graph) => v.compile(graph, cpu)));
      const runs = programs.map((program) => inputs.map((x) => program.run({ x })));
      await begun();
      const late = await v.compile(graphs[2], cpu);
      runs.push(inputs.map((x) => late.run({ x })));
      const results = await Promise.all(runs.map((each) => Promise.all(each)));
      results.forEach((each, program) => {
        each.forEach(({ y }, i) => {
          expect([program, i, haveSameBits(y, alone[program][i])]).toEqual([program, i, true]);
        });
      });
    });

    test('several backends, each with its own threads', async () => {
      const backends = await Promise.all([1, 2, 3].map((threads) => open(threads)));
      const { y: expected } = await evaluate(long(5), cpu, { x: matrix });
      const programs = await Promise.all(backends.map((backend) => v.compile(long(5), backend)));
      const runs = programs.flatMap((program) => [1, 2, 3].map(() => program.run({ x: matrix })));
      for (const { y } of await Promise.all(runs)) expect(haveSameBits(y, expected)).toBe(true);
      backends[1].destroy();
      const { y } = await programs[0].run({ x: matrix });
      expect(haveSameBits(y, expected)).toBe(true);
      for (const backend of backends) backend.destroy();
    });

    test('a run that fails spoils none after it', async () => {
      // The backend's own program: one made by compile takes copies, which nobody else can take away.
      const program = await cpu.load(v.buildPlan(short(), new Map(), cpu.fusions));
      const gone = Float32Array.of(1, 2, 3);
      const runs = [program.run([gone]), program.run([Float32Array.of(1, 2, 3)])];
      structuredClone(gone, { transfer: [gone.buffer] }); // leaves nothing behind
      expect(await failureOf(runs[0])).not.toBe('no failure');
      expect([...(await runs[1])[0]]).toEqual([1, 4, 9]);
    });

    test('a plan that needs more memory than there is gets a sentence, and leaves nothing', async () => {
      const before = cpu.memory();
      const vast = [2 ** 22, 2 ** 22]; // more bytes than addresses
      const y = v.relu(v.add(v.input('a', vast), v.input('b', vast)));
      const failure = await failureOf(v.compile({ y }, cpu));
      expect(failure).toBeInstanceOf(v.DeviceError);
      expect(String(failure)).toMatch(
        new RegExp(`^DeviceError: The ${name} backend [^.]+: not enough memory\\.$`),
      );
      expect(cpu.memory()).toEqual(before);
    });

    test('measured runs give the same, and a time for each step', async () => {
      const program = await v.compile(long(4), cpu);
      const [{ y }, { results, milliseconds }] = await Promise.all([
        program.run({ x: matrix }),
        program.profile({ x: matrix }),
      ]);
      expect(haveSameBits(results.y, y)).toBe(true);
      expect(milliseconds).toHaveLength(program.plan.steps.length);
      for (const time of milliseconds) expect(time).toBeGreaterThan(0);
    });
  });

  describe('dispose', () => {
    test('before a run has begun: the sentence; the next program on the backend works', async () => {
      const program = await v.compile(long(), cpu);
      const runs = [program.run({ x: matrix }), program.run({ x: matrix })];
      program.dispose();
      for (const run of [...runs, program.run({ x: matrix }), program.profile({ x: matrix })]) {
        const failure = await failureOf(run);
        expect(failure).toBeInstanceOf(v.DeviceError);
        expect(String(failure)).toContain(wasDisposed);
      }
      const { y } = await evaluate(short(), cpu, { x: Float32Array.of(1, 2, 3) });
      expect([...y]).toEqual([1, 4, 9]);
    });

    test('while a run is under way: its result is delivered, and then the memory is given back', async () => {
      const { y: expected } = await evaluate(long(), cpu, { x: matrix });
      const before = cpu.memory();
      const program = await v.compile(long(), cpu);
      const run = program.run({ x: matrix });
      await begun();
      program.dispose();
      program.dispose();
      // The memory of the first is still in use: a second one must get its own.
      const { y: other } = await evaluate(long(3), cpu, { x: matrix });
      const { y: expectedOther } = await evaluate(long(3), cpu, { x: matrix });
      expect(haveSameBits((await run).y, expected)).toBe(true);
      expect(haveSameBits(other, expectedOther)).toBe(true);
      expect(cpu.memory()).toEqual(before);
    });

    test('of constants that a run under way reads', async () => {
      const weight = v.constant(matrix, [width, width]);
      let y = v.input('x', [width, width]);
      for (let i = 0; i < 40; i++) y = v.layerNorm(v.add(v.matmul(y, weight), weight), ones, zeros, 1e-6);
      const { y: expected } = await evaluate({ y }, cpu, { x: matrix });
      const program = await v.compile({ y }, cpu);
      const run = program.run({ x: matrix });
      await begun();
      program.dispose();
      // Takes memory of the same size, perhaps the same.
      await evaluate({ z: v.add(v.constant(new Float32Array(width * width), [width, width]), 1) }, cpu);
      expect(haveSameBits((await run).y, expected)).toBe(true);
    });
  });

  describe('destroy', () => {
    test('before a run or a compilation has begun: the sentence', async () => {
      const program = await v.compile(long(), cpu);
      const pending = [program.run({ x: matrix }), v.compile(short(), cpu)];
      cpu.destroy();
      cpu.destroy();
      for (const late of [...pending, program.run({ x: matrix }), v.compile(short(), cpu)]) {
        const failure = await failureOf(late);
        expect(failure).toBeInstanceOf(v.DeviceError);
        expect(String(failure)).toContain(wasDestroyed);
      }
      program.dispose();
    });

    test('while a compilation is under way: nothing runs any more, and other backends go on', async () => {
      // Weights that take a while to be packed.
      const weights = Array.from({ length: 4 }, () => v.constant(new Float32Array(2 ** 20), [1024, 1024]));
      const x = v.input('x', [16, 1024]);
      const graph = { y: weights.reduce((y, weight) => v.matmul(y, weight), x) };
      for (let round = 0; round < 5; round++) {
        const backend = await open(2);
        const compiling = v.compile(graph, backend);
        for (let i = 0; i < round; i++) await nextTick();
        backend.destroy();
        expect(backend.memory()).toEqual({ buffers: 0, bytes: 0 });
        const failure = await failureOf(
          compiling.then((program) => program.run({ x: new Float32Array(16 * 1024) })),
        );
        expect(String(failure)).toBe(`DeviceError: ${wasDestroyed}`);
      }
      const { y } = await evaluate(short(), cpu, { x: Float32Array.of(1, 2, 3) });
      expect([...y]).toEqual([1, 4, 9]);
    });

    test('while a run is under way: its result is delivered; those behind it get it or the sentence', async () => {
      const { y: expected } = await evaluate(long(), cpu, { x: matrix });
      for (let round = 0; round < 5; round++) {
        const backend = await open(2);
        const program = await v.compile(long(), backend);
        const runs = [1, 2, 3].map(() => program.run({ x: matrix }));
        await begun();
        backend.destroy();
        expect(haveSameBits((await runs[0]).y, expected)).toBe(true);
        for (const run of runs.slice(1)) {
          const outcome = await run.then(({ y }) => haveSameBits(y, expected), String);
          expect([true, `DeviceError: ${wasDestroyed}`]).toContain(outcome);
        }
      }
    });

    test('leaves other backends their programs', async () => {
      const other = await open(2);
      const program = await v.compile(short(), other);
      cpu.destroy();
      expect([...(await program.run({ x: Float32Array.of(1, 2, 3) })).y]).toEqual([1, 4, 9]);
      other.destroy();
    });
  });

  describe('inputs', () => {
    test('may be float64, and parts of larger arrays', async () => {
      const program = await v.compile(short(), cpu);
      const third = 1 / 3;
      const rounded = Math.fround(third);
      const { y } = await program.run({ x: Float64Array.of(third, 2, -1) });
      expect([...y]).toEqual([Math.fround(rounded * rounded), 4, 1]);
      const part = Float32Array.of(9, 9, 1, 2, 3, 9).subarray(2, 5);
      expect([...(await program.run({ x: part })).y]).toEqual([1, 4, 9]);
      const shared = new Float32Array(new SharedArrayBuffer(12));
      shared.set([4, 5, 6]);
      expect([...(await program.run({ x: shared })).y]).toEqual([16, 25, 36]);
    });

    test('of constants may be float64', async () => {
      const weight = v.constant(Float64Array.of(1, 2, 3, 4), [2, 2]);
      const { y, sum } = await evaluate(
        { y: v.matmul(v.input('x', [1, 2]), weight), sum: v.sum(weight) },
        cpu,
        { x: Float32Array.of(1, 10) },
      );
      expect([...y, ...sum]).toEqual([31, 42, 10]);
    });

    test('are taken when the run begins: what is written into the array later changes nothing', async () => {
      const program = await v.compile(long(), cpu);
      const { y: expected } = await program.run({ x: matrix });
      const x = Float32Array.from(matrix);
      const run = program.run({ x });
      await begun();
      x.fill(NaN);
      expect(haveSameBits((await run).y, expected)).toBe(true);
    });

    test('results are arrays of their own, which later runs leave alone', async () => {
      const program = await v.compile(short(), cpu);
      const first = await program.run({ x: Float32Array.of(1, 2, 3) });
      first.y[0] = 5;
      const second = await program.run({ x: Float32Array.of(4, 5, 6) });
      expect([...first.y, ...second.y]).toEqual([5, 4, 9, 16, 25, 36]);
    });
  });

  describe('the event loop', () => {
    test('keeps turning while a run is under way', async () => {
      const program = await v.compile(long(200), cpu);
      let ticks = 0;
      let running = true;
      const count = (): void => {
        ticks++;
        if (running) setImmediate(count);
      };
      const run = program.run({ x: matrix }).finally(() => {
        running = false;
      });
      setImmediate(count);
      let timers = 0;
      const timer = setInterval(() => {
        timers++;
      }, 1);
      await run;
      clearInterval(timer);
      // A run that kept the loop to itself would let it turn once or twice.
      expect(ticks).toBeGreaterThan(10);
      expect(timers).toBeGreaterThan(1);
    });
  });

  describe(`constants (seed ${seed})`, () => {
    const random = generator();

    test('updates by one program are seen by all, in whatever form they hold the numbers', async () => {
      const [k, n] = [67, 35];
      const given = randomValues(k * n, random);
      const values = Float32Array.from(given);
      const weight = v.constant(values, [k, n]);
      const bias = v.constant(randomValues(n, random), [n]);
      const x = v.input('x', [19, k]);
      const product = v.matmul(x, weight, bias);
      const loss = v.mean(v.multiply(product, product));
      const [weightGradient, biasGradient] = v.gradient(loss, [weight, bias]);
      const updates = new Map([
        [weight, v.subtract(weight, v.multiply(weightGradient, 0.5))],
        [bias, v.subtract(bias, v.multiply(biasGradient, 0.5))],
      ]);
      const graphs = [
        { product },
        { back: v.matmul(v.input('g', [19, n]), v.transpose(weight)) },
        { plain: v.add(weight, bias) },
      ];
      const inputs = { x: randomValues(19 * k, random), g: randomValues(19 * n, random) };
      const on = async (backend: v.Backend): Promise<Record<string, v.Values>[]> => {
        const readers = await Promise.all(graphs.map((graph) => v.compile<string>(graph, backend)));
        const results: Record<string, v.Values>[] = [];
        const readAll = async (): Promise<void> => {
          for (const reader of readers) {
            const names = reader.plan.inputs.map(({ name }) => name as 'x' | 'g');
            results.push(await reader.run(Object.fromEntries(names.map((name) => [name, inputs[name]]))));
          }
        };
        await readAll();
        const step = await v.compile({ loss }, backend, updates);
        for (let i = 0; i < 3; i++) {
          results.push(await step.run({ x: inputs.x }));
          await readAll();
        }
        step.dispose();
        // The new numbers stay for as long as one program uses the constants, also for those that come later.
        readers.push(await v.compile<string>({ again: v.matmul(x, weight), weight }, backend));
        await readAll();
        for (const reader of readers) reader.dispose();
        return results;
      };
      const [actual, expected] = [await on(cpu), await on(new v.ReferenceBackend())];
      expect(actual.map((result) => Object.keys(result))).toEqual(
        expected.map((result) => Object.keys(result)),
      );
      actual.forEach((result, i) => {
        for (const [name, found] of Object.entries(result)) {
          expectClose(found, expected[i][name], { relative: 1e-5 });
        }
      });
      expect(haveSameBits(actual[0]['product'], actual[4]['product'])).toBe(false);
      expect(values).toEqual(given);
      expect(cpu.memory()).toEqual({ buffers: 0, bytes: 0 });
      // Nobody has used it for a moment: it begins anew with the numbers of its array.
      expect([...(await evaluate({ weight }, cpu)).weight]).toEqual([...given]);
    });

    test('whose array has lost its numbers meanwhile: a sentence, and nothing is held', async () => {
      const gone = Float32Array.of(1, 2, 3);
      const y = v.add(v.constant(gone, [3]), v.constant([1, 2, 3], [3]));
      structuredClone(gone, { transfer: [gone.buffer] }); // leaves nothing behind
      const failure = await failureOf(v.compile({ y }, cpu));
      expect(failure).toBeInstanceOf(v.DeviceError);
      expect(String(failure)).toBe(
        `DeviceError: The ${name} backend cannot prepare this plan: a constant of 3 numbers was given 0.`,
      );
      expect(cpu.memory()).toEqual({ buffers: 0, bytes: 0 });
    });

    test('that a program shared which could not be compiled: those before and after it compute as ever', async () => {
      const weight = v.constant(Float32Array.of(1, 2, 3, 4), [2, 2]);
      const x = v.input('x', [1, 2]);
      const before = await v.compile({ y: v.matmul(x, weight) }, cpu);
      const gone = Float32Array.of(1, 2, 3, 4);
      const lost = v.constant(gone, [2, 2]);
      structuredClone(gone, { transfer: [gone.buffer] }); // leaves nothing behind
      const transposed = v.matmul(x, v.transpose(weight));
      await failureOf(v.compile({ y: v.matmul(transposed, lost) }, cpu));
      const values = { x: Float32Array.of(1, 10) };
      expect([...(await before.run(values)).y]).toEqual([31, 42]);
      expect([...(await evaluate({ y: transposed }, cpu, values)).y]).toEqual([21, 43]);
      before.dispose();
      expect(cpu.memory()).toEqual({ buffers: 0, bytes: 0 });
    });

    test('two that take over each other, and one that takes over another', async () => {
      const [a, b, c] = [1, 2, 3].map((number) => v.constant(Float32Array.of(number, 10 * number), [2]));
      const reader = await v.compile({ a, b, c }, cpu);
      const step = await v.compile(
        {},
        cpu,
        new Map([
          [a, b],
          [b, a],
          [c, v.add(a, b)],
        ]),
      );
      await step.run();
      const { a: newA, b: newB, c: newC } = await reader.run();
      expect([...newA, ...newB, ...newC]).toEqual([2, 20, 1, 10, 3, 30]);
    });

    test('a weight that only products read is not held a second time', async () => {
      const bytes = 4 * 512 * 512;
      const weight = v.constant(new Float32Array(512 * 512), [512, 512]);
      const x = v.input('x', [16, 512]);
      const programs = await Promise.all([1, 2].map(() => v.compile({ y: v.matmul(x, weight) }, cpu)));
      expect(cpu.memory().bytes).toBeGreaterThan(bytes);
      expect(cpu.memory().bytes).toBeLessThan(1.5 * bytes);
      for (const program of programs) program.dispose();
      expect(cpu.memory()).toEqual({ buffers: 0, bytes: 0 });
    });
  });

  test('memory grows with each program, comes back with dispose, and is all given back by destroy', async () => {
    expect(cpu.memory()).toEqual({ buffers: 0, bytes: 0 });
    const first = await v.compile(long(), cpu);
    const afterFirst = cpu.memory();
    expect(afterFirst.bytes).toBeGreaterThan(4 * width * width);
    expect(afterFirst.buffers).toBeGreaterThan(0);
    const second = await v.compile(
      { y: v.add(v.input('x', [1000]), v.constant(new Float32Array(1000), [1000])) },
      cpu,
    );
    const afterSecond = cpu.memory();
    expect(afterSecond.bytes).toBeGreaterThan(afterFirst.bytes + 4 * 2000);
    await first.run({ x: matrix });
    await second.run({ x: new Float32Array(1000) });
    expect(cpu.memory()).toEqual(afterSecond);
    second.dispose();
    expect(cpu.memory()).toEqual(afterFirst);
    cpu.destroy();
    expect(cpu.memory()).toEqual({ buffers: 0, bytes: 0 });
  });
});
