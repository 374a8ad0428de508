import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { openNative } from '../../src/node/devices/native.js';
import * as training from '../../src/train/index.js';
import { evaluate } from '../support/backends.js';
import { expectClose } from '../support/compare.js';
import { generator, randomValues } from '../support/random.js';
import { blobs } from '../support/sprites.js';
import { tinyTraining } from '../support/train-config.js';

const sizes = { imageSize: 16, patchSize: 8, channels: 3, width: 8, depth: 2, heads: 2, hidden: 12 };
const [batch, classes, patches] = [3, 3, 4];
const backend = new v.ReferenceBackend();

describe('the loss of a training that is guided', () => {
  // Always the same, because it has kinks.
  const random = generator(7);
  const model = new v.VisionTransformer({ ...sizes, classes, layerNormEpsilon: 1e-6 });
  for (const [, parameter] of model.namedParameters()) {
    parameter.assign(Float64Array.from(randomValues(parameter.size, random, -0.7, 0.7)));
  }
  const image = v.constant(randomValues(batch * 3 * 16 * 16, random), [batch, 3, 16, 16]);
  const labels = v.constant([1, 0, 0, 0, 0.5, 0.5, 0, 0, 1], [batch, classes]);
  const masks = v.input('masks', [batch, patches]);
  const pass = v.forwardPass(model, image);
  const given = Float64Array.from([0.9, 0, 0.2, 0, 0, 0, 0, 0, 0, 0.4, 0, 1]);

  test.each(training.guideKinds)('has the gradients of finite differences, by %s', async (kind) => {
    const guided = training.guideLoss(kind, pass, labels, masks);
    const loss = v.add(v.crossEntropy(pass.logits, labels), v.multiply(guided, 0.7));
    const parameters = [...model.namedParameters()].map(([, parameter]) => parameter);
    const before = parameters.map(({ storage }) => storage.values!);
    const outputs = v.gradient(loss, parameters).map((gradient, i) => [String(i), gradient] as const);
    const found = await evaluate(Object.fromEntries(outputs), backend, { masks: given });
    const step = 1e-5;
    // Along a few ways in which all parameters change at once.
    for (let way = 0; way < 3; way++) {
      const moves = parameters.map(({ size }) => randomValues(size, random, -1, 1));
      const lossAt = async (share: number): Promise<number> => {
        parameters.forEach((parameter, i) => {
          parameter.assign(Float64Array.from(before[i], (value, at) => value + share * moves[i][at]));
        });
        return (await evaluate({ loss }, backend, { masks: given })).loss[0];
      };
      const slope = ((await lossAt(step)) - (await lossAt(-step))) / (2 * step);
      const told = moves.flatMap((move, i) =>
        Array.from(move, (change, at) => change * found[String(i)][at]),
      );
      expect(told.reduce((a, b) => a + b)).toBeCloseTo(slope, 6);
    }
    parameters.forEach((parameter, i) => {
      parameter.assign(before[i]);
    });
  });

  test.each(training.guideKinds)(
    'is the share of %s beside the mask, of pictures that have one',
    async (kind) => {
      const map = { 'gradient-rollout': v.findMethod('gradient-rollout'), attention: undefined }[kind];
      const drawn = map ? map.map(v.explained(pass, labels), {}) : v.combinedAttention(pass);
      const { loss, values } = await evaluate(
        { loss: training.guideLoss(kind, pass, labels, masks), values: drawn },
        backend,
        { masks: given },
      );
      const outside = [0, 2].map((picture) => {
        let [inside, all] = [0, 0];
        for (let i = picture * patches; i < (picture + 1) * patches; i++) {
          inside += values[i] * given[i];
          all += values[i];
        }
        return all === 0 ? 1 : 1 - inside / all;
      });
      // The second picture has no mask, and adds nothing.
      expectClose(loss, [(outside[0] + outside[1]) / batch], { absolute: 1e-9 });
    },
  );

  test.each(training.guideKinds)('of pictures without masks is not changed by %s', async (kind) => {
    const guided = training.guideLoss(kind, pass, labels, masks);
    const parameters = [...model.namedParameters()].map(([, parameter]) => parameter);
    const gradients = v.gradient(guided, parameters);
    const outputs = Object.fromEntries(gradients.map((gradient, i) => [String(i), gradient]));
    const none = { masks: new Float64Array(batch * patches) };
    const found = await evaluate({ guided, ...outputs }, backend, none);
    for (const values of Object.values(found)) expect(values.every((value) => value === 0)).toBe(true);
  });
});

describe('what is guided', () => {
  const settings: training.TrainConfig = {
    ...tinyTraining,
    guide: { by: 'gradient-rollout', weight: 1 },
    dropPath: 0,
  };

  test('lies on the objects of scenes', async () => {
    const { train } = training.scenesData(blobs(), settings, settings.data as training.ScenesData);
    const { masks, patchLabels } = await train.batch(0, 4);
    expect(masks).toHaveLength(4 * 9);
    // What is no background is some class.
    const shares = Array.from({ length: 4 * 9 }, (_, patch) =>
      Array.from(patchLabels!.subarray(17 * patch, 17 * patch + 16)).reduce((sum, share) => sum + share, 0),
    );
    expectClose(masks!, shares, { absolute: 1e-6 });
    expect(Math.max(...shares)).toBeGreaterThan(0.5);
  });

  test.each<[size: [number, number], patch: [number, number], channels: 1 | 3]>([
    [[24, 24], [8, 8], 3],
    [[16, 30], [8, 6], 1],
  ])(
    'lies on the masks of pictures of %j in patches of %j, which are moved as the pictures are',
    async (size, patch, channels) => {
      const [height, width] = size;
      const [pixels, columns] = [height * width, width / patch[1]];
      const patches = (height / patch[0]) * columns;
      const inLeftColumn = (pixel: number): number => Number(pixel % width < 8);
      const pictures: training.LabelledPictures = {
        labels: [0, 1],
        name: String,
        picture: () =>
          Promise.resolve({
            ...{ width, height },
            data: Uint8Array.from({ length: 3 * pixels }, (_, i) => 255 * inLeftColumn(Math.floor(i / 3))),
          }),
        mask: () =>
          Promise.resolve({
            width,
            height,
            values: Float32Array.from({ length: pixels }, (_, i) => inLeftColumn(i)),
          }),
      };
      const model = { ...settings.model, imageSize: size, patchSize: patch, channels };
      const config = { ...settings, model, patchLabels: 0, augment: { shift: 8, flip: 0.5, erase: 0 } };
      const set = { classes: ['a', 'b'], train: pictures, test: pictures };
      const { train } = training.labelledData(set, config, () => undefined);
      const { masks, image } = await train.batch(0, 40);
      // White is 1 in all channels, and black is -1.
      const bright = Array.from({ length: 40 * patches }, (_, place) => {
        const [one, number] = [Math.floor(place / patches), place % patches];
        const [row, column] = [patch[0] * Math.floor(number / columns), patch[1] * (number % columns)];
        let sum = 0;
        for (let y = row; y < row + patch[0]; y++) {
          for (let x = column; x < column + patch[1]; x++) {
            sum += (image[one * channels * pixels + y * width + x] + 1) / 2;
          }
        }
        return sum / patch[0] / patch[1];
      });
      expectClose(masks!, bright, { absolute: 1e-5 });
      expect(new Set(Array.from(masks!, (share) => share.toFixed(3))).size).toBeGreaterThan(8);
      const lost = { ...pictures, mask: () => Promise.reject(new v.ImageError('there is no mask for it')) };
      const unknown = training.labelledData({ ...set, train: lost }, config, () => undefined);
      expect((await unknown.train.batch(0, 2)).masks).toEqual(new Float32Array(2 * patches));
      const without = { labels: pictures.labels, picture: () => pictures.picture(0), name: String };
      expect(() => training.labelledData({ ...set, train: without }, config, () => undefined)).toThrow(
        /^"guide" needs to know where objects are, and "scenes" has no masks; leave it out, or/,
      );
    },
  );

  test.each(training.guideKinds)('is learned from: %s comes to lie on the masks', async (by) => {
    const native = openNative(1);
    const { train } = training.scenesData(blobs(), settings, settings.data as training.ScenesData);
    const shown = await train.batch(0, 4);
    const shapes = { image: [4, 3, 24, 24], labels: [4, 16], masks: [4, 9] } as const;
    const besideAfter = async (weight: number): Promise<number> => {
      const config = { ...settings, patchLabels: 0, guide: { by, weight } };
      const learner = training.Learner.of(config, 16);
      learner.initialize(1);
      const memory = training.freshMemory(config, learner);
      const trainer = await training.Trainer.create(config, learner, memory, native);
      for (let step = 0; step < config.steps; step++) await trainer.step(step, shown);
      const state = await trainer.state();
      trainer.dispose();
      const { model } = learner;
      for (const [name, parameter] of model.namedParameters()) parameter.assign(state.get(name)!.values);
      const [image, labels, masks] = (['image', 'labels', 'masks'] as const).map((name) =>
        v.constant(shown[name]!, shapes[name]),
      );
      const loss = training.guideLoss(by, v.forwardPass(model, image), labels, masks);
      return (await evaluate({ loss }, native)).loss[0];
    };
    const found = [await besideAfter(2), await besideAfter(1e-6)];
    expect(found[0]).toBeLessThan(found[1] - 0.1);
    native.destroy();
  });

  test.each([
    [
      { model: { ...tinyTraining.model, attention: 'hydra' } },
      /and its attention has no matrices that could be guided/,
    ],
    [
      { model: { ...tinyTraining.model, residuals: false }, dropPath: 0 },
      /by gradient rollout, which follows the residuals/,
    ],
    [{ mixup: 1 }, /asks for "guide" and "mixup", of whose pictures nobody knows the masks/],
    [{ augment: { policy: 'trivial-augment' } }, /asks for "guide" and "policy", of whose pictures/],
    [{ guide: { by: 'hand' } }, /has "hand" for "guide\.by"; expected one of: gradient-rollout, attention/],
    [{ guide: { weight: 0 } }, /has 0 for "guide\.weight"; expected a number above 0/],
    [
      { guide: undefined, model: { ...tinyTraining.model, residuals: false } },
      /asks for "dropPath", which leaves nothing/,
    ],
  ])('is refused with %j', (changes, message) => {
    const data = { set: 'pictures' };
    const text = JSON.stringify({ ...settings, data, patchLabels: 0, dropPath: 0.1, ...changes });
    expect(() => training.parseTrainConfig(text, 'my.json')).toThrow(message);
  });
});
