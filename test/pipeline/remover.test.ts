import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { backendNames, evaluate, useBackends } from '../support/backends.js';
import { expectClose } from '../support/compare.js';
import { microModel } from '../support/models.js';
import { generator, randomValues, seed } from '../support/random.js';

/* What is removed in embeddings, or by blending, is what would have been removed from the input itself. */

const random = generator();
const { model } = microModel();
const [channels, height, width] = model.inputShape;
const [rows, columns] = model.geometry.grid;
const preprocessing: v.Preprocessing = {
  fit: 'squash',
  size: height,
  mean: [0.4, 0.5, 0.6],
  std: [0.2, 0.3, 0.4],
};
const subject = { model, preprocessing };
const backends = useBackends();

const someStates = (parts: number): Uint8Array[] => [
  new Uint8Array(parts),
  new Uint8Array(parts).fill(1),
  ...Array.from({ length: 5 }, () => Uint8Array.from({ length: parts }, () => Number(random() < 0.5))),
];

/** The input with what is removed replaced, number by number. */
function without(
  image: Float32Array,
  state: Uint8Array,
  partOf: (y: number, x: number) => number,
  instead: (channel: number) => number,
): Float32Array {
  return image.map((value, i) => {
    const [channel, y, x] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
    return state[partOf(y, x)] === 1 ? instead(channel) : value;
  });
}

const ways: Readonly<
  Record<
    v.Removed,
    { parts: number; partOf: (y: number, x: number) => number; instead: (channel: number) => number }
  >
> = {
  patches: {
    parts: rows * columns,
    partOf: (y, x) => Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width),
    instead: () => 0,
  },
  pixels: {
    parts: height * width,
    partOf: (y, x) => y * width + x,
    instead: (channel) => -preprocessing.mean[channel] / preprocessing.std[channel],
  },
};

describe.each(backendNames)(`removal on %s (seed ${seed})`, (name) => {
  test.each(['patches', 'pixels'] as const)(
    '%s: as if they had been removed from the input',
    async (removed) => {
      const { parts, partOf, instead } = ways[removed];
      const image = randomValues(channels * height * width, random);
      const states = someStates(parts);
      const remover = await v.Remover.create(subject, backends[name], { removed, batch: 3 });
      const found = await remover.run(image, states);
      remover.dispose();
      expect(found).toHaveLength(states.length);
      for (const [i, state] of states.entries()) {
        const input = without(image, state, partOf, instead);
        const logits = model.call(v.input('image', [1, ...model.inputShape]));
        const { logits: expected } = await evaluate({ logits }, new v.ReferenceBackend(), { image: input });
        expectClose(found[i], expected, { relative: 1e-5 });
      }
    },
  );
});

test('the model is left as it was: no hook stays on it', async () => {
  const image = randomValues(channels * height * width, random);
  const logits = async () => {
    const tensor = model.call(v.input('image', [1, ...model.inputShape]));
    return (await evaluate({ tensor }, new v.ReferenceBackend(), { image })).tensor;
  };
  const before = await logits();
  const remover = await v.Remover.create(subject, new v.ReferenceBackend(), { removed: 'patches', batch: 2 });
  remover.dispose();
  expect(await logits()).toEqual(before);
});

test('runs take turns, and one that fails does not stop the next', async () => {
  const remover = await v.Remover.create(subject, new v.ReferenceBackend(), { removed: 'patches', batch: 2 });
  const image = randomValues(channels * height * width, random);
  const [whole] = someStates(rows * columns);
  const wrong = remover.run(image, [new Uint8Array(1)]);
  const right = remover.run(image, [whole]);
  await expect(wrong).rejects.toThrow(v.UsageError);
  expect(await right).toHaveLength(1);
  await expect(remover.run(image, [whole], AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  remover.dispose();
});

test('a batch that is none is refused', async () => {
  const options = { removed: 'patches', batch: 0 } as const;
  await expect(v.Remover.create(subject, new v.ReferenceBackend(), options)).rejects.toThrow(
    'The states of a run are 0; give a whole number of at least 1.',
  );
});
