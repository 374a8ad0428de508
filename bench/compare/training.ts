import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Random, readSafetensors, sceneLabels, writeSafetensors, type Backend } from 'vitrine';
import { freshOptimizer, initialize, Learner, parseTrainConfig, Trainer, type Batch } from 'vitrine/train';
import { writeFileAtomically } from 'vitrine/node';
import { packageRoot } from '../paths.js';
import { generator, randomValues } from '../random.js';
import type { TrainingSetup } from './protocol.js';
import { readRaw, writeRaw } from './raw-file.js';

/** What the shipped model's training begins with, on random images: a step takes as long whatever they show. */
export async function trainingToCompare(folder: string): Promise<TrainingSetup> {
  const file = join(packageRoot, 'recipes', 'scenes', 'config.json');
  const recipe = parseTrainConfig(await readFile(file, 'utf8'), file);
  // The learning rate stays as it is, and nothing is dropped, because contestants would drop different branches.
  const settings = { ...recipe, dropPath: 0, warmup: 0, steps: 1e9, classes: sceneLabels.length };
  const learner = Learner.of(settings);
  initialize(learner, new Random(settings.seed));
  const tensors = learner.parameters.map(([name, { shape, storage }]) => {
    return [name, { shape, values: storage.values! }] as const;
  });
  const paths = { learner: join(folder, 'learner.safetensors'), scenes: join(folder, 'scenes') };
  await writeFileAtomically(paths.learner, writeSafetensors(new Map(tensors)));
  const random = generator(4);
  const { image, labels, patchLabels } = sizesOf(settings);
  await writeRaw(paths.scenes, [
    randomValues(image, random, -1, 1),
    oneHot(labels, settings.classes, random),
    oneHot(patchLabels, settings.classes + 1, random),
  ]);
  return { ...paths, settings, stepsToCompare: 4 };
}

/** Prepares the training; each call of what it returns is a step, and gives the losses of the first steps. */
export async function openTraining(
  { learner: file, scenes, settings, stepsToCompare }: TrainingSetup,
  backend: Backend,
): Promise<() => Promise<number[][]>> {
  const learner = Learner.of(settings);
  const { tensors } = readSafetensors(new Uint8Array(await readFile(file)), file);
  for (const [name, parameter] of learner.parameters) parameter.assign(tensors.get(name)!.values);
  const trainer = await Trainer.create(settings, learner, freshOptimizer(learner), backend);
  const values = await readRaw(scenes);
  const { image, labels } = sizesOf(settings);
  const batch: Batch = {
    image: values.subarray(0, image),
    labels: values.subarray(image, image + labels),
    patchLabels: values.subarray(image + labels),
  };
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

/** Numbers in each part of a batch. */
function sizesOf({ batch, model, classes }: TrainingSetup['settings']): Record<keyof Batch, number> {
  const { imageSize, patchSize } = model;
  return {
    image: batch * 3 * imageSize ** 2,
    labels: batch * classes,
    patchLabels: batch * (imageSize / patchSize) ** 2 * (classes + 1),
  };
}

function oneHot(size: number, classes: number, random: () => number): Float32Array {
  const values = new Float32Array(size);
  for (let start = 0; start < size; start += classes) values[start + Math.floor(classes * random())] = 1;
  return values;
}
