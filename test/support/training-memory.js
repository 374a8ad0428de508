// Trains for a while, with a checkpoint now and then as the command takes one, and prints, as JSON, the live buffers and
// the resident memory before and after. A process of its own, on the built package: a test runner's own garbage would
// drown the figures.
// Usage: node --expose-gc training-memory.js native|webgpu WARM_UP STEPS
import * as v from '../../dist/index.js';
import * as training from '../../dist/train/index.js';
import { openBackend } from '../../dist/node/index.js';

const [backendName, warmUp, steps] = process.argv.slice(2);
const { backend } = await openBackend(backendName);

const side = 20;
const sprites = training.sceneClasses.map((_, classIndex) => {
  const rgba = new Uint8Array(4 * side * side).map((_, i) =>
    i % 4 === 3 ? 255 : (37 * classIndex + i) % 256,
  );
  return [training.makeSprite(classIndex, 'squares', { width: side, height: side, rgba })];
});
const config = {
  model: { imageSize: 32, patchSize: 8, width: 32, depth: 2, heads: 2, hidden: 64 },
  ...{ batch: 16, steps: 1e6, warmup: 10, learningRate: 1e-3, finalLearningRate: 0, weightDecay: 0.05 },
  ...{
    betas: [0.9, 0.99],
    epsilon: 1e-8,
    clip: 1,
    labelSmoothing: 0.1,
    patchLabels: 1,
    accumulate: 1,
    average: 0,
    layerDecay: 1,
    freeze: [],
    dropPath: 0.1,
    seed: 1,
  },
};
const learner = training.Learner.of(config, 16);
learner.initialize(config.seed);
const trainer = await training.Trainer.create(
  config,
  learner,
  training.freshMemory(config, learner),
  backend,
);

let step = 0;

/** @param {number} count */
async function after(count) {
  for (let end = step + count; step < end; step++) {
    const scenes = { seed: 1, first: step * config.batch, count: config.batch };
    await trainer.step(step, training.sceneBatch(sprites, scenes, v.scenesPreprocessing(32), 8));
    if (step % 50 === 0) v.writeSafetensors(await trainer.state());
  }
  globalThis.gc(); // what is only waiting to be collected is no growth
  return { held: backend.memory(), resident: process.memoryUsage().rss };
}

const before = await after(Number(warmUp));
const end = await after(Number(steps));
console.log(JSON.stringify({ before, end }));
trainer.dispose();
backend.destroy();
