import { openSafetensors, readTensors, type ReadTensor, type TensorFile } from '../../models/index.js';
import { openWeightsFile, sha256Of } from './weights-file.js';

/** A checkpoint and where it came from. */
export interface OpenedWeights {
  readonly path: string;
  readonly checkpoint: TensorFile;
  /** Of the whole file, in hexadecimal; the file is read for it when it is first asked for. */
  readonly sha256: () => Promise<string>;
}

/**
 * Opens a checkpoint: reads what tensors it holds, but not yet their numbers.
 *
 * @throws WeightsError when the file cannot be read, or is damaged
 */
export async function openWeights(path: string): Promise<OpenedWeights> {
  const source = await openWeightsFile(path);
  const checkpoint = await openSafetensors(source);
  let digest: Promise<string> | undefined;
  const sha256 = (): Promise<string> => (digest ??= sha256Of([source]));
  return { path, checkpoint, sha256 };
}

/**
 * Reads the numbers of a checkpoint that a training is to begin with.
 *
 * @throws WeightsError when the file cannot be read, is damaged, or holds a number that is none
 */
export async function readParameters(
  path: string,
): Promise<{ readonly tensors: ReadonlyMap<string, ReadTensor>; readonly source: string }> {
  const { checkpoint } = await openWeights(path);
  return { tensors: await readTensors(checkpoint), source: path };
}
