import { WeightsError } from '../../errors.js';
import { goldenOf, goldenSha256, type Golden } from '../../pipeline/index.js';
import { packageFile } from '../package-files.js';
import { readWeights } from './weights.js';

/** Where this package keeps the golden data; `weights/self-check/README.md` says what is in it. */
const packaged = packageFile('weights/self-check/micro.safetensors');

/**
 * Reads the golden data of the self-check.
 * @param path of another copy than the package's own
 * @throws WeightsError if the file is missing or not the one that this version was released with
 */
export async function readGolden(path = packaged): Promise<Golden> {
  const read = await readWeights(path).catch(() => undefined);
  // One flipped bit in an expected value would be blamed on the adapter.
  if (read?.sha256() !== goldenSha256) {
    throw new WeightsError(
      `The self-check's data at "${path}" is ${read ? 'damaged' : 'missing or damaged'}: install vitrine again.`,
    );
  }
  return goldenOf(read.checkpoint);
}
