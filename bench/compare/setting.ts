import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { preprocess, UsageError } from 'vitrine';
import { readPicture } from 'vitrine/node';
import { packageRoot, peersFolder } from '../paths.js';
import { generator } from '../random.js';

/** ImageNet's "tabby". */
export const category = 281;
const largestBatch = 8;

/** A photograph, and the same with noise laid over it, so that no two images of a batch are alike. */
export async function imagesToCompare(): Promise<Float32Array> {
  const { values } = preprocess(await readPicture(join(packageRoot, 'examples', 'chelsea.png')));
  const random = generator(3);
  return Float32Array.from({ length: largestBatch * values.length }, (_, index) => {
    const noise = index < values.length ? 0 : random() - 0.5;
    return values[index % values.length] + noise;
  });
}

/**
 * The model files that all contestants read.
 * @throws UsageError that says what is missing, ONNX Runtime included
 */
export async function referenceFiles(): Promise<{ weights: string; onnx: string }> {
  await requireFile(
    join(peersFolder, 'node_modules', 'onnxruntime-node', 'package.json'),
    'ONNX Runtime is not installed; run: npm ci --prefix bench/peers --ignore-scripts',
  );
  const reference = process.env['VITRINE_REFERENCE'];
  if (reference === undefined || reference === '') {
    throw new UsageError(
      'VITRINE_REFERENCE is not set; set it to the folder that holds peers/deit_tiny_attn.onnx and weights/.',
    );
  }
  const weights = join(reference, 'weights', 'deit_tiny_patch16_224.safetensors');
  const onnx = join(reference, 'peers', 'deit_tiny_attn.onnx');
  for (const file of [weights, onnx]) {
    await requireFile(
      file,
      `There is no ${file}; VITRINE_REFERENCE must be the folder of the reference data.`,
    );
  }
  return { weights, onnx };
}

async function requireFile(path: string, complaint: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new UsageError(complaint);
}
