import type { Fail } from '../pickle/opcodes.js';
import { Dict, inWords, type PickleValue } from '../pickle/values.js';
import { TorchTensor } from './vocabulary.js';

export interface StateDict {
  readonly tensors: ReadonlyMap<string, TorchTensor>;
  /** The keys that lead to it from the top of the checkpoint, outermost first. */
  readonly wrapping: readonly string[];
}

/**
 * Under which a checkpoint of a training has the model, the best first: averaged weights before the last ones (as timm has
 * it), a teacher, which is what DINO and its relatives are about, before its student.
 */
const wrappings = [
  'state_dict_ema',
  'model_ema',
  'ema_state_dict',
  'state_dict',
  'model',
  'model_state_dict',
  'module',
  'teacher',
  'student',
];

/** So many dicts deep a model may be. */
const deepest = 4;

/** Finds the tensors in what a checkpoint holds. */
export function findStateDict(root: PickleValue, fail: Fail): StateDict {
  const wrapping: string[] = [];
  let value = root;
  for (let depth = 0; depth < deepest; depth++) {
    if (!(value instanceof Dict)) break;
    const tensors = tensorsIn(value);
    if (tensors.size > 0) return { tensors, wrapping };
    const key = wrappingKey(value, fail);
    if (key === undefined) break;
    wrapping.push(key);
    value = value.items.get(key);
  }
  const place = wrapping.map((key) => ` under ${JSON.stringify(key)}`).join('');
  return fail(`holds ${inWords(value)}${place}, and no tensors with names, as a state_dict has them`);
}

function tensorsIn({ items }: Dict): Map<string, TorchTensor> {
  const tensors = new Map<string, TorchTensor>();
  for (const [name, value] of items) {
    if (typeof name === 'string' && value instanceof TorchTensor) tensors.set(name, value);
  }
  return tensors;
}

/** A key that is known, else the only one there is. */
function wrappingKey({ items }: Dict, fail: Fail): string | undefined {
  const keys = [...items].filter(([key, value]) => typeof key === 'string' && value instanceof Dict);
  const known = wrappings.find((name) => keys.some(([key]) => key === name));
  if (known !== undefined) return known;
  const candidates = keys
    .filter(([, value]) => tensorsIn(value as Dict).size > 0)
    .map(([key]) => key as string);
  if (candidates.length > 1) {
    fail(
      `holds several tables of tensors, and none of a name that is known: ${candidates.map((key) => JSON.stringify(key)).join(', ')}`,
    );
  }
  return candidates[0];
}
