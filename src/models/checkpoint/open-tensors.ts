import { WeightsError } from '../../errors.js';
import { readStart, type ByteSource } from './byte-source.js';
import { refuseForeign } from './foreign.js';
import { arrayEnding, openNpz } from './numpy/npz.js';
import { openSafetensors } from './safetensors/read.js';
import { openSharded, type Sibling } from './sharded.js';
import type { TensorFile } from './tensor-file.js';
import { openLegacy } from './torch/legacy.js';
import { openZipped } from './torch/zipped.js';
import { openArchive } from './zip/archive.js';

/** The instruction that says which version of the format a pickle has. */
const pickleStart = 0x80;

/**
 * Opens a checkpoint of any known format, which its first bytes tell: safetensors, PyTorch's two, NumPy's, or the index of
 * one in several files.
 * @param sibling opens what lies beside it, for an index
 * @throws WeightsError if it is of no known format, damaged, or holds more than tensors and plain data
 */
export async function openTensors(source: ByteSource, sibling?: Sibling): Promise<TensorFile> {
  const start = await readStart(source, 64);
  const text = String.fromCharCode(...start);
  // The length of the header, in eight bytes, may look like anything.
  if (text[8] === '{' && /^.{3}.?\0+$/s.test(text.slice(0, 8))) return openSafetensors(source);
  if (text.startsWith('PK')) return openZip(source);
  if (start[0] === pickleStart) return openLegacy(source);
  if (/^\s*\{/.test(text) && sibling) return openSharded(source, sibling, openTensors);
  refuseForeign(source.name, text);
  return openSafetensors(source);
}

async function openZip(source: ByteSource): Promise<TensorFile> {
  const archive = await openArchive(source);
  const names = [...archive.keys()];
  const roots = names.flatMap((name) => /^([^/]+)\/data\.pkl$/.exec(name)?.[1] ?? []);
  if (roots.length === 1) return openZipped(source.name, archive, roots[0]);
  if (roots.length === 0 && names.some((name) => name.endsWith(arrayEnding)))
    return openNpz(source.name, archive);
  throw new WeightsError(
    `"${source.name}" is a zip file, but holds neither what torch.save nor what numpy.savez writes; give the checkpoint itself.`,
  );
}
