import { dirname, join } from 'node:path';
import {
  atGridOf,
  openCheckpoint,
  readTensors,
  type Checkpoint,
  type ReadTensor,
  type VisionTransformer,
} from '../../models/index.js';
import { digestOnce } from './known-digests.js';
import { openWeightsFile, sha256Of, type WeightsFile } from './weights-file.js';

/** A checkpoint and where it came from. */
export interface OpenedWeights {
  readonly path: string;
  readonly checkpoint: Checkpoint;
  /**
   * Of the whole file, in hexadecimal; the file is read for it when it is first asked for, and not again before it changes. Of a
   * checkpoint in several files: of the index and then the others in the order of their names, one after the other.
   */
  readonly sha256: () => Promise<string>;
}

/**
 * Opens a checkpoint: reads what tensors it holds, but not yet their numbers.
 *
 * @throws WeightsError when a file cannot be read, or is damaged, or of no known format
 */
export async function openWeights(path: string): Promise<OpenedWeights> {
  const files: WeightsFile[] = [];
  const open = async (file: string): Promise<WeightsFile> => {
    const opened = await openWeightsFile(file);
    files.push(opened);
    return opened;
  };
  const checkpoint = await openCheckpoint(await open(path), (name) => open(join(dirname(path), name)));
  let digest: Promise<string> | undefined;
  return { path, checkpoint, sha256: () => (digest ??= digestOnce(files, () => sha256Of(files))) };
}

/**
 * Reads the numbers of a checkpoint that a training is to begin with, positions as many as the model has.
 *
 * @throws WeightsError when the file cannot be read, is damaged, or holds a number that is none
 */
export async function readParameters(
  path: string,
  model: VisionTransformer,
): Promise<{ readonly tensors: ReadonlyMap<string, ReadTensor>; readonly source: string }> {
  const { checkpoint } = await openWeights(path);
  return { tensors: await readTensors(atGridOf(model, checkpoint)), source: path };
}
