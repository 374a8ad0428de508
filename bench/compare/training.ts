import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sceneLabels, sizeOf, writeSafetensors, type Backend } from 'vitrine';
import { freshMemory, Learner, parseTrainConfig, Trainer, type Batch } from 'vitrine/train';
import { writeFileAtomically } from 'vitrine/node';
import { packageRoot } from '../paths.js';
import { generator, randomValues } from '../random.js';
import type { TrainingSetup } from './protocol.js';
import { writeRaw } from './raw-file.js';

/** What the shipped model's training begins with, on random images: a step takes as long whatever they show. */
export async function trainingToCompare(folder: string): Promise<TrainingSetup> {
  const file = join(packageRoot, 'recipes', 'scenes', 'config.json');
  const recipe = parseTrainConfig(await readFile(file, 'utf8'), file);
  // The learning rate stays as it is, and nothing is dropped, because contestants would drop different branches.
  const settings = { ...recipe, dropPath: 0, warmup: 0, steps: 1e9, classes: sceneLabels.length };
  const learner = freshLearner(settings);
  const tensors = learner.parameters.map(([name, { shape, storage }]) => {
    return [name, { shape, values: storage.values! }] as const;
  });
  const paths = { learner: join(folder, 'learner.safetensors'), scenes: join(folder, 'scenes') };
  await writeFileAtomically(paths.learner, writeSafetensors(new Map(tensors)));
  const { image, labels, patchLabels } = randomBatch(settings, learner);
  await writeRaw(paths.scenes, [image, labels, patchLabels]);
  return { ...paths, settings, stepsToCompare: 4 };
}

/**
 * Prepares the training, with the parameters and the batch that were written; each call of what it returns is a step, and
 * gives the losses of the first steps.
 */
export async function openTraining(
  { settings, stepsToCompare }: TrainingSetup,
  backend: Backend,
): Promise<() => Promise<number[][]>> {
  const learner = freshLearner(settings);
  const batch = randomBatch(settings, learner);
  const trainer = await Trainer.create(settings, learner, freshMemory(settings, learner), backend);
  let step = 0;
  const losses: number[] = [];
  const next = async (): Promise<void> => {
    const { loss } = await trainer.step(step++, batch);
    if (losses.length < stepsToCompare) losses.push(loss);
  };
  while (losses.length < stepsToCompare - 1) await next();
  return async () => {
    await next();
    return [losses];
  };
}

/** The same at each call. */
function freshLearner(settings: TrainingSetup['settings']): Learner {
  const learner = Learner.of(settings, settings.classes);
  learner.initialize(settings.seed);
  return learner;
}

/** The same at each call. */
function randomBatch(
  settings: TrainingSetup['settings'],
  { model }: Learner,
): Required<Omit<Batch, 'masks'>> {
  const { batch, classes } = settings;
  const random = generator(4);
  const [rows, columns] = model.geometry.grid;
  const patches = rows * columns;
  const oneHot = (count: number, size: number): Float32Array => {
    const values = new Float32Array(count * size);
    for (let row = 0; row < count; row++) values[row * size + Math.floor(size * random())] = 1;
    return values;
  };
  return {
    image: randomValues(batch * sizeOf(model.inputShape), random, -1, 1),
    labels: oneHot(batch, classes),
    patchLabels: oneHot(batch * patches, classes + 1),
  };
}
