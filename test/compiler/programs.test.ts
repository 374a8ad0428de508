import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as v from '../../src/index.js';
import { backendNames, evaluate, useBackends } from '../support/backends.js';
import { RunInputs } from '../../src/compiler/run-inputs.js';
import { VisionTransformer } from '../../src/models/vision-transformer.js';
import { microModel } from '../support/models.js';

describe('plans', () => {
  test('a long chain needs no more memory than two of its links', () => {
    let x = v.input('x', [1000]);
    for (let i = 0; i < 50; i++) x = v.relu(x);
    const scratch = v.buildPlan({ x }).buffers.filter((buffer) => !buffer.filledBy);
    expect(scratch.map((buffer) => buffer.size)).toEqual([1000, 1000]);
  });

  test('no step writes where it reads', () => {
    const { model } = microModel();
    const plan = v.buildPlan({ logits: model.call(v.input('image', [4, 3, 32, 32])) });
    for (const step of plan.steps) {
      expect(step.inputs.map((view) => view.buffer)).not.toContain(step.output.buffer);
    }
  });

  test('outputs keep their memory to the end', async () => {
    const x = v.input('x', [3]);
    const early = v.add(x, 1);
    const late = v.relu(v.negate(v.exp(v.relu(v.negate(early)))));
    const result = await evaluate({ early, late }, new v.ReferenceBackend(), { x: Float32Array.of(1, 2, 3) });
    expect(Array.from(result.early)).toEqual([2, 3, 4]);
  });

  test('views cost no steps, a batch joins the rows of a linear layer', () => {
    const x = v.input('x', [8, 197, 64]);
    const weight = v.input('weight', [32, 64]);
    const { steps } = v.buildPlan({
      y: v.matmul(v.permute(v.reshape(x, [8, 197, 64]), [0, 1, 2]), v.transpose(weight)),
    });
    expect(steps).toHaveLength(1);
    expect(steps[0].inputs[0].shape).toEqual([8 * 197, 64]);
  });

  test('a graph deeper than the call stack compiles', () => {
    let x = v.input('x', [1]);
    for (let i = 0; i < 50_000; i++) x = v.relu(x);
    expect(v.buildPlan({ x }).steps).toHaveLength(50_000);
  });
});

async function messageOf(refused: Promise<unknown>): Promise<string> {
  const error: unknown = await refused.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(v.VitrineError);
  return (error as Error).message;
}

test('inputs of a run that ends after its program is let go of too', async () => {
  const inputs = new RunInputs([{ name: 'x', shape: [2], buffer: 0 }]);
  const given = { x: new Float32Array(2) };
  const seen: v.Values[] = [];
  const run = (): Promise<void> =>
    inputs.during(given, ([copy]) => {
      seen.push(copy);
      return Promise.resolve();
    });
  await run();
  const last = run();
  inputs.dispose();
  await last;
  await run();
  expect(seen[1]).toBe(seen[0]);
  expect(seen[2]).not.toBe(seen[0]);
});

describe.each(backendNames)('programs on %s', (name) => {
  const backends = useBackends();
  const square = (): { y: v.Tensor } => {
    const x = v.input('x', [2]);
    return { y: v.multiply(x, x) };
  };

  test('wrong inputs are named', async () => {
    const program = await v.compile(square(), backends[name]);
    await expect(program.run({})).rejects.toThrow('input "x" is missing; expected 2 for shape [2].');
    await expect(program.run({ x: new Float32Array(3) })).rejects.toThrow(
      'input "x" has 3 values; expected 2',
    );
    await expect(program.run({ x: new Float32Array(2), z: new Float32Array(2) })).rejects.toThrow(
      'there is no input "z"; this program takes x.',
    );
    program.dispose();
  });

  test('two inputs of one name are refused', async () => {
    const y = v.add(v.input('x', [1]), v.input('x', [1]));
    await expect(v.compile({ y }, backends[name])).rejects.toThrow('two inputs are named "x"');
  });

  test('parameters without values are refused by name', async () => {
    const { model } = microModel();
    const bare = new VisionTransformer(model.config);
    const logits = bare.call(v.input('image', [1, 3, 32, 32]));
    const refusal = (): Promise<string> => messageOf(v.compile({ logits }, backends[name]));
    expect(await refusal()).toBe(
      'compile: the parameter "cls_token" of shape [1, 1, 32] and 31 more have no values; ' +
        'load a checkpoint first, or assign them.',
    );
    for (const [path, parameter] of bare.namedParameters()) {
      if (path !== 'blocks.1.attn.qkv.weight') parameter.assign(new Float32Array(parameter.size));
    }
    expect(await refusal()).toBe(
      'compile: the parameter "blocks.1.attn.qkv.weight" of shape [96, 32] has no values; ' +
        'load a checkpoint first, or assign them.',
    );
  });

  test('a parameter without values that no module has is refused by its shape', async () => {
    const y = v.add(new v.Parameter([2, 3]), 1);
    expect(await messageOf(v.compile({ y }, backends[name]))).toContain(
      'the parameter of shape [2, 3] has no values;',
    );
  });

  test('what no memory holds is refused, and nothing of it is kept', async () => {
    const before = backends[name].memory();
    const [column, row] = [v.input('column', [2 ** 26, 1]), v.input('row', [1, 2 ** 26])];
    const y = v.add(v.constant(new Float32Array(16), [16]), v.sum(v.relu(v.multiply(column, row))));
    expect(await messageOf(v.compile({ y, z: v.multiply(column, row) }, backends[name]))).toMatch(
      /memory|takes \d+ bytes, of which the adapter gives at most \d+ at once; make the batch/,
    );
    expect(backends[name].memory()).toEqual(before);
  });

  test('overlapping runs each get the results of their own inputs', async () => {
    const program = await v.compile(square(), backends[name]);
    const runs = Array.from({ length: 20 }, (_, i) => program.run({ x: Float32Array.of(i, -i) }));
    const results = await Promise.all(runs);
    expect(results.map(({ y }) => y[1])).toEqual(Array.from({ length: 20 }, (_, i) => i * i));
    program.dispose();
  });

  test('a run computes with the numbers that it was given, whatever becomes of the array', async () => {
    const program = await v.compile(square(), backends[name]);
    for (const buffer of [new Float32Array(2), new Float64Array(2)]) {
      const runs = [1, 2, 3].map((number) => {
        buffer.set([number, -number]);
        return program.run({ x: buffer });
      });
      buffer.set([4, -4]);
      const measured = program.profile({ x: buffer });
      buffer.fill(100);
      expect((await Promise.all(runs)).map(({ y }) => [...y])).toEqual([
        [1, 1],
        [4, 4],
        [9, 9],
      ]);
      expect([...(await measured).results.y]).toEqual([16, 16]);
    }
    program.dispose();
  });

  test('outputs of the same tensor, and of an input, are all delivered', async () => {
    const x = v.input('x', [2]);
    const result = await evaluate({ a: x, b: x, c: v.negate(x) }, backends[name], {
      x: Float32Array.of(1, 2),
    });
    expect(Object.entries(result).map(([key, values]) => [key, ...values])).toEqual([
      ['a', 1, 2],
      ['b', 1, 2],
      ['c', -1, -2],
    ]);
  });

  test('a program that was compiled before sees a scalar that another updates', async () => {
    const scalar = v.constant([0], []);
    const x = v.input('x', [2]);
    const program = await v.compile({ y: v.add(v.multiply(x, 2), scalar) }, backends[name]);
    const run = async (): Promise<number[]> => [...(await program.run({ x: Float32Array.of(1, 2) })).y];
    expect(await run()).toEqual([2, 4]);
    const other = await v.compile({}, backends[name], new Map([[scalar, v.add(scalar, 1)]]));
    await other.run();
    expect(await run()).toEqual([3, 5]);
    await other.run();
    expect(await run()).toEqual([4, 6]);
  });

  test('a program that is compiled after an update leaves those before it the new numbers', async () => {
    const x = v.input('x', [1, 16]);
    const weight = v.constant(new Float32Array(16).fill(1), [16, 1]);
    const values = { x: new Float32Array(16).fill(1) };
    const product = v.matmul(x, weight);
    const train = await v.compile({ y: product }, backends[name], new Map([[weight, v.add(weight, 1)]]));
    expect([...(await train.run(values)).y]).toEqual([16]);
    // One that reads the weight as `train` does, and one that reads it otherwise as well.
    const later = await v.compile({ y: v.add(product, 1) }, backends[name]);
    const other = await v.compile({ y: v.matmul(v.transpose(weight), weight) }, backends[name]);
    expect([...(await later.run(values)).y]).toEqual([33]);
    expect([...(await other.run()).y]).toEqual([64]);
    expect([...(await train.run(values)).y]).toEqual([32]);
    expect([...(await later.run(values)).y]).toEqual([49]);
    for (const program of [train, later, other]) program.dispose();
  });

  test('disposing gives all memory back, constants when their last program goes', async () => {
    const before = backends[name].memory();
    const weight = v.constant(new Float32Array(1000), [1000]);
    const programs = await Promise.all([1, 2].map((n) => v.compile({ y: v.add(weight, n) }, backends[name])));
    for (const program of programs) {
      await program.run();
      expect(backends[name].memory().bytes).toBeGreaterThan(before.bytes);
      program.dispose();
      program.dispose();
    }
    expect(backends[name].memory()).toEqual(before);
  });

  test('many runs: live buffers and resident memory stay flat', () => {
    const script = fileURLToPath(new URL('../support/resident-memory.js', import.meta.url));
    // On native, outputs are the only garbage, so that it takes the collector longer to come round.
    const warmUp = name === 'native' ? '3000' : '500';
    const output = execFileSync(process.execPath, ['--expose-gc', script, name, warmUp, '500'], {
      encoding: 'utf8',
    });
    const measured = JSON.parse(output) as { held: object; resident: number }[];
    for (const { held } of measured) expect(held).toEqual(measured[0].held);
    // The program's input and output are 64 kB each: one of them left behind by each run would be 32 MB in every
    // stretch. A pool of the driver or of V8 that grows once, whenever that is, does so in one stretch alone.
    const growth = measured.slice(1).map(({ resident }, index) => resident - measured[index].resident);
    expect(Math.min(...growth)).toBeLessThan(16e6);
  });
});
