import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import * as training from '../../src/train/index.js';
import { backendNames, useBackends } from '../support/backends.js';
import { tinyTraining } from '../support/train-config.js';

const config: training.TrainConfig = {
  ...tinyTraining,
  model: { imageSize: 32, patchSize: 4, width: 64, depth: 5, heads: 4, hidden: 160 },
  batch: 6,
};

describe('what a training takes is known beforehand', () => {
  const backends = useBackends();

  test.each(backendNames)('on %s', async (name) => {
    const backend = backends[name];
    const { parameters, kept, worked } = training.trainingSize(config, 16, backend);
    const learner = training.Learner.of(config, 16);
    expect(parameters).toBe(learner.parameters.reduce((sum, [, { size }]) => sum + size, 0));
    expect(kept).toBe(3 * parameters + 2);
    learner.initialize(1);
    const before = backend.memory().bytes;
    const trainer = await training.Trainer.create(
      config,
      learner,
      training.freshMemory(config, learner),
      backend,
    );
    const taken = (backend.memory().bytes - before) / (name === 'reference' ? 8 : 4);
    trainer.dispose();
    // Two blocks do not tell to the last number how many share their memory, nor what a backend keeps in another order.
    expect((kept + worked) / taken).toBeGreaterThan(0.9);
    expect((kept + worked) / taken).toBeLessThan(1.1);
  });

  test('without taking it', () => {
    const large = { ...config, batch: 2 ** 10, model: { ...config.model, hidden: 2 ** 30, depth: 2 ** 20 } };
    const { parameters, worked, hostBytes } = training.trainingSize(large, 16, { fusions: new Set() });
    expect(parameters).toBeGreaterThan(2 * 64 * 2 ** 50);
    expect(worked).toBeGreaterThan(2 ** 10 * 65 * 2 ** 30 * 2 ** 20);
    expect(hostBytes).toBeGreaterThan(4 * parameters);
  });

  test('unless it cannot be counted', () => {
    const counted = (changes: object): unknown =>
      training.trainingSize({ ...config, ...changes }, 16, { fusions: new Set() });
    expect(() => counted({ batch: Number.MAX_SAFE_INTEGER })).toThrow(v.ShapeError);
    expect(() => counted({ model: { ...config.model, hidden: 1e15 } })).toThrow(
      'a tensor of shape [1000000000000000, 64] would have more elements than can be counted; make it smaller.',
    );
  });
});
