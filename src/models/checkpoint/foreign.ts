import { WeightsError } from '../../errors.js';

/** What people take for a checkpoint, by how it begins, after white space. */
const foreign: readonly (readonly [starts: readonly string[], what: string])[] = [
  [['version https://git-lfs'], 'it looks like a Git LFS pointer, fetch the file itself ("git lfs pull")'],
  [['<'], 'it looks like a web page, check where it was downloaded from'],
  [['{'], 'it looks like JSON; give the file of the weights, or its index'],
  [['\x89HDF'], 'it looks like a file of Keras or MATLAB (HDF5), save the weights as safetensors'],
  [['GGUF'], 'it looks like a GGUF file, fetch the weights as safetensors'],
  [['\x89PNG', '\xff\xd8\xff', 'RIFF'], 'it looks like a picture; give it with --image'],
  [['\x1f\x8b', 'BZh', '\xfd7zXZ', '\x28\xb5\x2f\xfd'], 'it is compressed, unpack it first'],
  [['\x93NUMPY'], 'it is a single array of NumPy, and a checkpoint has many'],
];

/** @throws WeightsError if it is known to be something else */
export function refuseForeign(source: string, start: string): void {
  const trimmed = start.trimStart();
  const what = foreign.find(([starts]) => starts.some((text) => trimmed.startsWith(text)))?.[1];
  if (what !== undefined) throw new WeightsError(`"${source}" is no checkpoint: ${what}.`);
}
