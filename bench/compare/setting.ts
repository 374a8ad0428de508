import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { preprocess, UsageError } from 'vitrine';
import { readPicture, type DeviceName } from 'vitrine/node';
import { packageRoot, peersFolder } from '../paths.js';
import { generator } from '../random.js';
import { largestBatch } from './contests.js';
import type { Setup } from './protocol.js';
import { exportOnnx } from './python.js';
import { writeRaw } from './raw-file.js';
import { trainingToCompare } from './training.js';

/** ImageNet's "tabby". */
const category = 281;

/** The model files that all contestants read. */
interface ReferenceFiles {
  readonly weights: string;
  /** Its batch is fixed at 1. */
  readonly onnx: string;
}

/** @throws UsageError that says what is missing, ONNX Runtime included */
export async function referenceFiles(): Promise<ReferenceFiles> {
  const reference = process.env['VITRINE_REFERENCE'] ?? '';
  const runtime = join(peersFolder, 'node_modules', 'onnxruntime-node', 'package.json');
  const weights = join(reference, 'weights', 'deit_tiny_patch16_224.safetensors');
  const onnx = join(reference, 'peers', 'deit_tiny_attn.onnx');
  for (const file of [runtime, weights, onnx]) {
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile()) continue;
    throw new UsageError(
      file === runtime
        ? 'ONNX Runtime is not installed; run: npm ci --prefix bench/peers --ignore-scripts'
        : `There is no ${file}; set VITRINE_REFERENCE to the folder of the reference data.`,
    );
  }
  return { weights, onnx };
}

/**
 * What all contestants begin with.
 * @param python that can import torch; where there is none, there is no ONNX model of several images
 * @param folder for what is made for them
 */
export async function prepareSetup(
  { weights, onnx }: ReferenceFiles,
  device: DeviceName,
  python: string | undefined,
  folder: string,
): Promise<Omit<Setup, 'threads'>> {
  const images = join(folder, 'images');
  await writeRaw(images, [await imagesToCompare()]);
  const forAll = join(folder, 'deit_tiny.onnx');
  const isExported = python !== undefined && (await exportOnnx(python, weights, largestBatch, forAll));
  const models = { 1: onnx, ...(isExported ? { [largestBatch]: forAll } : {}) };
  const provider = device === 'webgpu' ? 'webgpu' : 'cpu';
  const training = provider === 'cpu' ? await trainingToCompare(folder) : undefined;
  return { device, weights, onnx: models, images, category, training, provider };
}

/** A photograph, and the same with noise laid over it, so that no two images of a batch are alike. */
async function imagesToCompare(): Promise<Float32Array> {
  const { values } = preprocess(await readPicture(join(packageRoot, 'examples', 'chelsea.png')));
  const random = generator(3);
  return Float32Array.from({ length: largestBatch * values.length }, (_, index) => {
    const noise = index < values.length ? 0 : random() - 0.5;
    return values[index % values.length] + noise;
  });
}
