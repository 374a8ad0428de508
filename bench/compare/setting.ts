import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  findModel,
  parameterCount,
  preprocess,
  UsageError,
  writeSafetensors,
  type ModelEntry,
} from 'vitrine';
import { readPicture } from 'vitrine/node';
import { openModel, referenceFile, weightsName } from '../models.js';
import type { BenchOptions } from '../options.js';
import { packageRoot, peersFolder } from '../paths.js';
import { generator } from '../random.js';
import { plainModel, type PlainModel } from './plain-model.js';
import { runtimeFor, type Setup } from './protocol.js';
import { exportOnnx } from './python.js';
import { writeRaw } from './raw-file.js';
import { trainingToCompare } from './training.js';

/** The model whose contest has the training of the shipped one beside it, which is about as large. */
const modelBesideTraining = 'deit_tiny_patch16_224';

/** ONNX models that the reference data has, by the model's name; their batch is fixed at 1. */
const referenceOnnx: Readonly<Partial<Record<string, string>>> = {
  deit_tiny_patch16_224: 'deit_tiny_attn.onnx',
};

/** ImageNet's "tabby"; of models with fewer classes, their last one. */
const category = 281;

/** An ONNX file is a protocol buffer, which can be no larger. */
const largestOnnx = 2 ** 31;

/** The model that all contestants take part with. */
export interface Comparable extends PlainModel {
  readonly entry: ModelEntry;
}

/**
 * Asked before anything is read or measured.
 * @throws UsageError if ONNX Runtime is not installed, or the peers cannot be this model
 */
export async function comparableModel({ model: name, device }: BenchOptions): Promise<Comparable> {
  const runtime = join(peersFolder, 'node_modules', runtimeFor(device), 'package.json');
  if (!(await stat(runtime).catch(() => undefined))) {
    throw new UsageError('ONNX Runtime is not installed; run: npm ci --prefix bench/peers --ignore-scripts');
  }
  const entry = findModel(name);
  const plain = plainModel(entry);
  checkOnnxSize(entry);
  return { entry, ...plain };
}

/** @throws UsageError if an ONNX file cannot hold it */
export function checkOnnxSize({ name, config }: ModelEntry): void {
  const bytes = 4 * parameterCount(config);
  if (bytes < largestOnnx) return;
  const size = (bytes / 2 ** 30).toFixed(1);
  throw new UsageError(
    `--peers cannot compare ${name}, because its ${size} GiB are more than the 2 GiB that an ONNX file can hold.`,
  );
}

/** What all contestants begin with, and what the weights are: a phrase for people. */
interface Prepared {
  readonly setup: Omit<Setup, 'threads'>;
  readonly weights: string;
}

/**
 * Writes what the contestants read: the weights, the ONNX models, the images.
 * @param python that can import torch; where there is none, there are only the ONNX models of the reference data
 * @param folder for what is made for them
 * @throws UsageError if there is no ONNX model of one image, and none can be made
 */
export async function prepareSetup(
  { entry, sizes }: Comparable,
  { batches, device = 'native' }: BenchOptions,
  python: string | undefined,
  folder: string,
): Promise<Prepared> {
  const onnxName = referenceOnnx[entry.name];
  const known = onnxName === undefined ? undefined : await referenceFile('peers', onnxName);
  // What an ONNX model was made of is what the others take, whatever else is on the disk.
  const given = known === undefined ? undefined : await referenceFile('weights', weightsName(entry));
  const { weights, path } = await writeWeights(entry.name, given, folder);
  const all = new Set([1, ...batches]);
  const images = join(folder, 'images');
  await writeRaw(images, [await imagesToCompare(entry, Math.max(...all))]);
  const onnx: Record<number, string> = known !== undefined && given !== undefined ? { 1: known } : {};
  for (const batch of all) {
    if (batch in onnx) continue;
    const file = join(folder, `of-${batch}.onnx`);
    const failure = python === undefined ? undefined : await exportOnnx(python, sizes, path, batch, file);
    if (python !== undefined && failure === undefined) onnx[batch] = file;
    else checkMissing(entry.name, batch, failure);
  }
  const provider = device === 'webgpu' || device === 'wasm' ? device : 'cpu';
  const isBesideTraining = provider === 'cpu' && entry.name === modelBesideTraining;
  const training = isBesideTraining ? await trainingToCompare(folder) : undefined;
  const explained = Math.min(category, sizes.classes - 1);
  const files = { weights: path, onnx, images };
  const setup = {
    device,
    model: entry.name,
    sizes,
    ...files,
    category: explained,
    training,
    provider,
  } as const;
  return { weights, setup };
}

/** One file for all, whatever the weights were in: float32, named as timm names them. */
async function writeWeights(
  name: string,
  given: string | undefined,
  folder: string,
): Promise<{ weights: string; path: string }> {
  const { model, weights } = await openModel(name, given);
  const tensors = [...model.namedParameters()].map(([tensor, { shape, storage }]) => {
    return [tensor, { shape, values: storage.values! }] as const;
  });
  const path = join(folder, 'model.safetensors');
  await writeFile(path, writeSafetensors(new Map(tensors)));
  return { weights, path };
}

/**
 * Says that ONNX Runtime has to do without a model of so many images.
 * @param failure of the export; undefined if there is no PyTorch, which is said elsewhere
 * @throws UsageError if it has none at all
 */
function checkMissing(name: string, batch: number, failure: string | undefined): void {
  if (batch === 1) {
    const why =
      failure === undefined ? 'no Python here can import torch, numpy and PIL' : `it failed: ${failure}`;
    throw new UsageError(
      `ONNX Runtime needs PyTorch to write ${name} as an ONNX model, and ${why.replace(/\.$/, '')}; ` +
        'name a Python that can with --python.',
    );
  }
  if (failure === undefined) return;
  console.log(
    `note     this PyTorch exports no ONNX model, so ONNX Runtime takes images one by one: ${failure}`,
  );
}

/** A photograph, and the same with noise laid over it, so that no two images of a batch are alike. */
async function imagesToCompare({ preprocessing }: ModelEntry, count: number): Promise<Float32Array> {
  const picture = await readPicture(join(packageRoot, 'examples', 'chelsea.png'));
  const { values } = preprocess(picture, preprocessing);
  const random = generator(3);
  return Float32Array.from({ length: count * values.length }, (_, index) => {
    const noise = index < values.length ? 0 : random() - 0.5;
    return values[index % values.length] + noise;
  });
}
