import { closeSync, openSync, writeSync } from 'node:fs';
import { findModel } from '../../src/models/registry/registry.js';
import { VisionTransformer } from '../../src/models/vision-transformer.js';
import { frameSafetensors } from './checkpoints.js';
import { generator, randomValues } from './random.js';

/**
 * Writes a checkpoint of a registered model with random numbers, tensor by tensor: the largest have more bytes than a test
 * should hold. Norms scale by about 1, so that numbers stay of one size through all blocks.
 * @returns the bytes of its numbers
 */
export function writeRandomCheckpoint(path: string, model: string): number {
  const parameters = [...new VisionTransformer(findModel(model).config).namedParameters()];
  let end = 0;
  const entries = parameters.map(([name, { shape, size }]) => {
    const begin = end;
    end += 4 * size;
    return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }];
  });
  const random = generator();
  // The same block again and again: to draw each number anew would take longer than all else.
  const [weights, scales] = [
    randomValues(2 ** 20, random, -0.035, 0.035),
    randomValues(2 ** 20, random, 0.9, 1.1),
  ];
  const file = openSync(path, 'w');
  try {
    writeSync(file, frameSafetensors(Object.fromEntries(entries), Buffer.alloc(0)));
    for (const [name, { size }] of parameters) {
      const block = /norm\d?\.weight$/.test(name) ? scales : weights;
      for (let at = 0; at < size; at += block.length)
        writeSync(file, block.subarray(0, Math.min(block.length, size - at)));
    }
  } finally {
    closeSync(file);
  }
  return end;
}
