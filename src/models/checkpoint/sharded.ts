import { WeightsError } from '../../errors.js';
import type { ByteSource } from './byte-source.js';
import type { CheckpointTensor, TensorFile } from './tensor-file.js';

/** Opens a file that lies beside another, by its plain name. */
export type Sibling = (name: string) => Promise<ByteSource>;

/** No index of any checkpoint comes near. */
const longestIndex = 2 ** 26;

/**
 * Opens the index of a checkpoint in several files, as transformers writes it, and the files it names.
 * @param open opens one of them
 * @throws WeightsError if it names a file that is not beside it, or a tensor that is not in its file
 */
export async function openSharded(
  source: ByteSource,
  sibling: Sibling,
  open: (source: ByteSource) => Promise<TensorFile>,
): Promise<TensorFile> {
  const fail = failureOf(source.name);
  if (source.size > longestIndex)
    fail(`is ${source.size} bytes of JSON, too many for the index of a checkpoint`);
  const places = weightMap(await source.read(0, source.size), fail);
  const names = filesOf(places, fail);
  const files = new Map<string, TensorFile>();
  for (const name of names) files.set(name, await open(await sibling(name)));
  const tensors = new Map<string, CheckpointTensor>();
  // File by file, because tensors are read in this order.
  for (const file of names) {
    for (const [name, place] of places) {
      if (place !== file) continue;
      const tensor = files.get(file)!.tensors.get(name);
      if (!tensor)
        return fail(`says that ${JSON.stringify(name)} is in ${JSON.stringify(file)}, where it is not`);
      tensors.set(name, tensor);
    }
  }
  const [first] = files.values();
  return { source: source.name, format: first.format, wrapping: [], tensors, metadata: first.metadata };
}

/**
 * The names of the files that the index of a checkpoint in several files names, in order.
 * @param index its name, for messages
 * @throws WeightsError if it is none, or names a file that does not lie beside it
 */
export function shardNames(index: string, bytes: Uint8Array): readonly string[] {
  const fail = failureOf(index);
  return filesOf(weightMap(bytes, fail), fail);
}

type Fail = (what: string) => never;

function failureOf(index: string): Fail {
  return (what) => {
    throw new WeightsError(`"${index}" ${what}.`);
  };
}

function filesOf(places: ReadonlyMap<string, string>, fail: Fail): readonly string[] {
  const names = [...new Set(places.values())].sort();
  const outside = names.filter((name) => !isPlainName(name));
  if (outside.length > 0)
    fail(`names files that do not lie beside it: ${outside.map((name) => JSON.stringify(name)).join(', ')}`);
  return names;
}

/** The file of each tensor. */
function weightMap(bytes: Uint8Array, fail: Fail): Map<string, string> {
  let index: unknown;
  try {
    index = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return fail('is neither a checkpoint nor the index of one: it begins like JSON, but is none');
  }
  const map = (index as { weight_map?: unknown } | null)?.weight_map;
  const entries = typeof map === 'object' && map !== null ? Object.entries(map) : [];
  if (entries.length === 0 || !entries.every(([, file]) => typeof file === 'string')) {
    return fail('is JSON, but not the index of a checkpoint: it has no "weight_map" of tensors and files');
  }
  return new Map(entries as [string, string][]);
}

/** A name that leads nowhere else, on any system. */
function isPlainName(name: string): boolean {
  return /^[^/\\:\0]+$/.test(name) && name !== '.' && name !== '..';
}
