import { WeightsError } from '../../errors.js';
import { openSafetensors, readTensors } from '../../models/index.js';
import { goldenOf, goldenSha256, type Golden } from '../../pipeline/index.js';
import { packageFile } from '../package-files.js';
import { openWeightsFile, sha256Of } from './weights-file.js';

/** Where this package keeps the golden data; `weights/self-check/README.md` says what is in it. */
const packaged = packageFile('weights/self-check/micro.safetensors');

/**
 * Reads the golden data of the self-check.
 * @param path of another copy than the package's own
 * @throws WeightsError if the file is missing or not the one that this version was released with
 */
export async function readGolden(path = packaged): Promise<Golden> {
  const source = await openWeightsFile(path).catch(() => undefined);
  // One flipped bit in an expected value would be blamed on the adapter.
  if (!source || (await sha256Of([source])) !== goldenSha256) {
    throw new WeightsError(
      `The self-check's data at "${path}" is ${source ? 'damaged' : 'missing or damaged'}: install vitrine again.`,
    );
  }
  return goldenOf(await readTensors(await openSafetensors(source)));
}
