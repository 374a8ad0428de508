import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as v from '../../src/index.js';
import * as training from '../../src/train/index.js';
import { openNative } from '../../src/node/devices/native.js';
import { backendNames, useBackends } from '../support/backends.js';
import { expectClose, haveSameBits } from '../support/compare.js';
import { blobs } from '../support/sprites.js';
import { tinyTraining } from '../support/train-config.js';

const sprites = blobs();
const config: training.TrainConfig = {
  ...tinyTraining,
  batch: 6,
  steps: 60,
  warmup: 5,
  ramp: 10,
  dropPath: 0.2,
};

function batch(step: number): training.SceneBatch {
  const scenes = { seed: config.seed, first: step * config.batch, count: config.batch };
  return training.sceneBatch(sprites, scenes, v.scenesPreprocessing(24), 8);
}

function newLearner(): training.Learner {
  const learner = training.Learner.of(config, 16);
  learner.initialize(config.seed);
  return learner;
}

interface Course {
  readonly results: training.StepResult[];
  readonly state: training.TrainingState;
}

/** Trains from a step to another, from the beginning or from a state. */
async function train(
  backend: v.Backend,
  first: number,
  last: number,
  from?: training.TrainingState,
  { settings = config, batchOf = batch }: { settings?: training.TrainConfig; batchOf?: typeof batch } = {},
): Promise<Course> {
  const learner = newLearner();
  const memory = from
    ? training.restore(settings, learner, from, 'state')
    : training.freshMemory(settings, learner);
  const trainer = await training.Trainer.create(settings, learner, memory, backend);
  const results: training.StepResult[] = [];
  for (let step = first; step < last; step++) results.push(await trainer.step(step, batchOf(step)));
  const state = await trainer.state();
  trainer.dispose();
  return { results, state };
}

function expectSame(a: training.TrainingState, b: training.TrainingState): void {
  expect([...a.keys()]).toEqual([...b.keys()]);
  const different = [...a].filter(([name, { values }]) => !haveSameBits(values, b.get(name)!.values));
  expect(different.map(([name]) => name)).toEqual([]);
}

describe('a training', () => {
  const backends = useBackends();

  test.each(backendNames)('that is resumed in the middle equals one that was not, on %s', async (name) => {
    const whole = await train(backends[name], 0, 4);
    const half = await train(backends[name], 0, 2);
    // Through the file, as the command does it.
    const file = v.bytesSource('half', v.writeSafetensors(half.state));
    const tensors = await v.readTensors(await v.openSafetensors(file));
    const rest = await train(backends[name], 2, 4, tensors);
    const results = [...half.results, ...rest.results];
    if (name === 'reference') {
      // It computes with more digits than the file keeps.
      const losses = whole.results.map(({ loss }) => loss);
      expectClose(
        results.map(({ loss }) => loss),
        losses,
        { relative: 1e-7 },
      );
    } else {
      expect(results).toEqual(whole.results);
      expectSame(rest.state, whole.state);
    }
  });

  test('has the same losses on native at any number of threads, bit for bit', async () => {
    const courses: Course[] = [];
    for (const threads of [1, 2, 3, 5]) {
      const native = openNative(threads);
      courses.push(await train(native, 0, 6));
      native.destroy();
    }
    for (const course of courses.slice(1)) {
      expect(course.results).toEqual(courses[0].results);
      expectSame(course.state, courses[0].state);
    }
  });

  test.each(['native', 'wasm', 'webgpu'] as const)('begins on %s as on reference', async (name) => {
    const [actual, expected] = [await train(backends[name], 0, 3), await train(backends.reference, 0, 3)];
    const losses = ({ results }: Course): number[] => results.map(({ loss }) => loss);
    const norms = ({ results }: Course): number[] => results.map(({ gradientNorm }) => gradientNorm);
    // Before the first update rounding is all that differs; Adam then divides small gradients by their own size.
    expectClose(losses(actual).slice(0, 1), losses(expected).slice(0, 1), { absolute: 2e-6 });
    expectClose(norms(actual).slice(0, 1), norms(expected).slice(0, 1), { relative: 1e-5 });
    expectClose(losses(actual), losses(expected), { absolute: 2e-3 });
  });

  test('learns a few images by heart', async () => {
    const { results } = await train(backends.native, 0, 60, undefined, {
      settings: { ...config, dropPath: 0 },
      batchOf: () => batch(0),
    });
    expect(results[0].loss).toBeCloseTo(Math.log(16), 5); // the classifier begins with zeros
    expect(results[59].loss).toBeLessThan(0.7 * Math.log(16));
    expect(results[59].accuracy).toBe(1);
  });

  test('depends on the seed', async () => {
    const [a, b] = [
      await train(backends.native, 0, 2),
      await train(backends.native, 0, 2, undefined, { settings: { ...config, seed: 6 } }),
    ];
    // The scenes and the parameters are the same here, what is dropped is not.
    expect(a.results[1].loss).not.toBe(b.results[1].loss);
  });

  test('tests without dropping anything, and learns nothing from it', async () => {
    const learner = newLearner();
    const trainer = await training.Trainer.create(
      config,
      learner,
      training.freshMemory(config, learner),
      backends.native,
    );
    await trainer.step(0, batch(0));
    const [first, again] = [
      await trainer.test([batch(1), batch(2)]),
      await trainer.test([batch(1), batch(2)]),
    ];
    expect(again).toEqual(first);
    trainer.dispose();
  });

  test.each(backendNames)('in parts, on %s, takes the steps of whole batches', async (name) => {
    const settings = { ...config, accumulate: 3 };
    const [whole, parts] = [
      await train(backends[name], 0, 3),
      await train(backends[name], 0, 3, undefined, { settings }),
    ];
    for (const value of ['loss', 'gradientNorm'] as const) {
      expect(parts.results[0][value] / whole.results[0][value]).toBeCloseTo(1, 5);
      expect(parts.results[2][value] / whole.results[2][value]).toBeCloseTo(1, 2);
    }
    expect(parts.results[0].accuracy).toBeCloseTo(whole.results[0].accuracy, 12);
  });

  test('keeps averages of the parameters, which are the model that is tested and kept', async () => {
    const settings = { ...config, average: 0.9 };
    const states: training.TrainingState[] = [];
    for (let steps = 0; steps <= 3; steps++) {
      states.push((await train(backends.reference, 0, steps, undefined, { settings })).state);
    }
    const name = 'blocks.1.mlp.fc1.weight';
    let expected = states[0].get(name)!.values;
    for (let step = 0; step < 3; step++) {
      const now = states[step + 1].get(name)!.values;
      const decay = Math.min(0.9, (1 + step) / (10 + step));
      expected = now.map((value, i) => decay * expected[i] + (1 - decay) * value);
    }
    expectClose(states[3].get(`average.${name}`)!.values, expected, { absolute: 1e-7 });
    expect(training.modelOf(states[3]).get(name)).toBe(states[3].get(`average.${name}`));
    expect([...training.modelOf(states[3]).keys()]).toEqual([...training.modelOf(states[0]).keys()]);
  });

  test('with averages, is resumed as if it had gone on', async () => {
    const settings = { ...config, average: 0.9, freeze: ['blocks.0'] };
    const whole = await train(backends.native, 0, 4, undefined, { settings });
    const half = await train(backends.native, 0, 2, undefined, { settings });
    const rest = await train(backends.native, 2, 4, half.state, { settings });
    expect([...half.results, ...rest.results]).toEqual(whole.results);
    expectSame(rest.state, whole.state);
  });

  test('leaves alone what is frozen, and moves what is far from the classifier less', async () => {
    const frozen = ['patch_embed', 'pos_embed', 'blocks.0.attn', 'blocks.1.norm1.weight'];
    const before = (await train(backends.native, 0, 0)).state;
    const { state } = await train(backends.native, 0, 2, undefined, {
      settings: { ...config, freeze: frozen, layerDecay: 0.5, weightDecay: 0 },
    });
    const moved = new Map(
      [...newLearner().parameters].map(([name]) => {
        const [old, now] = [before.get(name)!.values, state.get(name)!.values];
        return [name, Math.max(...now.map((value, i) => Math.abs(value - old[i])))];
      }),
    );
    for (const [name, distance] of moved) {
      const isFrozen = frozen.some((module) => name === module || name.startsWith(`${module}.`));
      expect([name, distance === 0]).toEqual([name, isFrozen]);
    }
    // A parameter's first step with a gradient is as long as AdamW makes it, whatever the gradient is; before the classifier that
    // is the second one, because it begins with zeros.
    const longest = (pattern: RegExp): number =>
      Math.max(...[...moved].filter(([name]) => pattern.test(name)).map(([, distance]) => distance));
    expect(longest(/^norm/) / longest(/^blocks\.1/)).toBeCloseTo(2, 2);
    expect(longest(/^blocks\.1/) / longest(/^blocks\.0/)).toBeCloseTo(2, 2);
    expect(longest(/^blocks\.0/) / longest(/^cls_token/)).toBeCloseTo(2, 2);
  });

  test('refuses to freeze what is not there, or everything', () => {
    const memory = (freeze: string[]) => () => training.freshMemory({ ...config, freeze }, newLearner());
    expect(memory(['block.0'])).toThrow(/"freeze" names "block.0", which is no part of the model/);
    expect(memory(['patch'])).toThrow(v.UsageError);
    expect(memory(['cls_token', 'pos_embed', 'patch_embed', 'blocks', 'norm', 'head', 'patch_head'])).toThrow(
      /leaves nothing to be learned/,
    );
  });

  test('keeps the second classifier out of the model', async () => {
    const { state } = await train(backends.native, 0, 1);
    const names = [...training.modelOf(state).keys()];
    expect(names).toEqual([...newLearner().model.namedParameters()].map(([name]) => name));
    expect([...state.keys()].filter((name) => name.startsWith('patch_head.'))).toEqual([
      'patch_head.weight',
      'patch_head.bias',
    ]);
  });

  test('cannot go on from the state of another model', () => {
    const learner = newLearner();
    const memory = training.freshMemory(config, learner);
    const state = new Map(
      [...training.namedState(config, learner, memory)].map(([name, { shape, size }]) => [
        name,
        { shape, values: new Float32Array(size) },
      ]),
    );
    const restore = (): unknown => training.restore(config, newLearner(), state, 'my.safetensors');
    state.set('head.bias', { shape: [15], values: new Float32Array(15) });
    expect(restore).toThrow(
      '"my.safetensors" holds "head.bias" with shape [15], but the configuration asks for [16]',
    );
    state.delete('optimizer.mean.head.bias');
    state.set('head.bias', { shape: [16], values: new Float32Array(16) });
    expect(restore).toThrow('"my.safetensors" lacks "optimizer.mean.head.bias"');
  });
});

test('memory stays flat over an epoch on native', () => {
  const script = fileURLToPath(new URL('../support/training-memory.js', import.meta.url));
  // A young generation that grows by 16 MB, when a busy machine makes collections late, would look like a leak.
  const options = ['--expose-gc', '--max-semi-space-size=2'];
  const output = execFileSync(process.execPath, [...options, script, 'native', '150', '250'], {
    encoding: 'utf8',
  });
  const { before, end } = JSON.parse(output) as Record<'before' | 'end', { held: object; resident: number }>;
  expect(end.held).toEqual(before.held);
  // A batch is 0.2 MB, a checkpoint 0.3 MB: one of them left behind by each step would be over 40 MB.
  expect(end.resident - before.resident).toBeLessThan(16e6);
});

describe('clipping', () => {
  test('scales all gradients down to the largest norm, and leaves smaller ones', async () => {
    const backend = new v.ReferenceBackend();
    const gradients = [v.constant([3, 0], [2]), v.constant([4], [1])];
    for (const [largest, factor] of [
      [1, 0.2],
      [5, 1],
      [100, 1],
    ]) {
      const { gradients: clipped, norm } = v.clipByNorm(gradients, largest);
      const program = await v.compile({ norm, a: clipped[0], b: clipped[1] }, backend);
      const { norm: before, a, b } = await program.run();
      expect(before[0]).toBe(5);
      expectClose([...a, ...b], [3 * factor, 0, 4 * factor], { absolute: 1e-12 });
      program.dispose();
    }
  });
});

describe('stochastic depth', () => {
  test('drops whole branches of single images, and keeps the mean', () => {
    const { model } = newLearner();
    const [masks] = new training.DropPath(0.5, model, 4000).draw(new v.Random(1));
    // [2 depth, batch]: nothing is dropped in the first block, half in the last.
    expect(new Set(masks.subarray(0, 8000))).toEqual(new Set([1]));
    const last = masks.subarray(8000);
    expect(new Set(last)).toEqual(new Set([0, 2]));
    const mean = last.reduce((total, value) => total + value, 0) / last.length;
    expect(Math.abs(mean - 1)).toBeLessThan(0.06); // five standard deviations
  });

  test('drops the same, in how many parts a batch may be computed', () => {
    const { model } = newLearner();
    const [whole] = new training.DropPath(0.5, model, 6).draw(new v.Random(1));
    const parts = new training.DropPath(0.5, model, 2).draw(new v.Random(1), 3);
    const branches = Array.from({ length: 4 }, (_, branch) =>
      parts.flatMap((part) => [...part.subarray(2 * branch, 2 * branch + 2)]),
    );
    expect(branches.flat()).toEqual([...whole]);
  });

  test('a block that is left out passes its input on', async () => {
    const backend = new v.ReferenceBackend();
    const { model } = newLearner();
    const image = v.input('image', [1, 3, 24, 24]);
    const dropPath = new training.DropPath(0.1, model, 1);
    const { layers } = dropPath.within(model, () => v.forwardPass(model, image));
    const [first, second] = layers.map(({ after }) => after);
    const program = await v.compile({ first, second }, backend);
    const inputs = {
      image: batch(0).image.subarray(0, 3 * 24 * 24),
      dropPath: new Float32Array([1, 1, 0, 0]),
    };
    const { first: before, second: after } = await program.run(inputs);
    expect(after).toEqual(before);
    program.dispose();
  });
});
