import { WeightsError } from '../../errors.js';
import type { ByteSource } from './byte-source.js';
import { openTensors } from './open-tensors.js';
import { isOfCopy, withoutPrefix } from './prefix.js';
import { recognise } from './recognise.js';
import type { Sibling } from './sharded.js';
import type { CheckpointTensor, TensorFile } from './tensor-file.js';
import { translate, type DroppedTensor } from './translate.js';
import { isFloat } from './values.js';

/** The tensors of a file under timm's names, and what was concluded about the file. */
export interface Checkpoint extends TensorFile {
  /** Whose names the file has, for people; undefined if they are nobody's that is known, and so were left as they are. */
  readonly dialect: string | undefined;
  /** What stands before the names in the file, such as `module.`; mostly nothing. */
  readonly prefix: string;
  /** What the file holds beside the model: all that is not in `tensors`. */
  readonly dropped: readonly DroppedTensor[];
}

/**
 * Opens a checkpoint of any known format, under any known names: reads what tensors it holds, but not yet their numbers.
 * @param sibling opens what lies beside it, for a checkpoint in several files
 * @throws WeightsError if it is of no known format, damaged, or holds more than tensors and plain data
 */
export async function openCheckpoint(source: ByteSource, sibling?: Sibling): Promise<Checkpoint> {
  return inTimmNames(await openTensors(source, sibling));
}

/** @throws WeightsError if the names are contradictory */
export function inTimmNames(file: TensorFile): Checkpoint {
  const { source, tensors } = file;
  const recognised = recognise(source, tensors.keys());
  if (!recognised) return { ...file, dialect: undefined, prefix: '', dropped: [] };
  const { dialect, prefix, others } = recognised;
  const dropped: DroppedTensor[] = [];
  const stripped = new Map<string, CheckpointTensor>();
  /** In the file, by the name without prefix. */
  const names = new Map<string, string>();
  for (const [name, tensor] of tensors) {
    const rest = withoutPrefix(name, prefix);
    if (others.some((other) => isOfCopy(name, other, prefix)))
      dropped.push({ name, what: 'of another copy of the model' });
    else if (!isFloat(tensor.dtype)) dropped.push({ name, what: 'whole numbers, as no weight is' });
    else if (stripped.has(rest)) {
      throw new WeightsError(
        `"${source}" holds ${JSON.stringify(rest)} both with ${JSON.stringify(prefix)} before it and without; use another checkpoint.`,
      );
    } else {
      stripped.set(rest, tensor);
      names.set(rest, name);
    }
  }
  const { tensors: translated, dropped: beside } = translate(source, dialect, stripped);
  return {
    ...file,
    tensors: translated,
    dialect: dialect.name,
    prefix,
    dropped: [...dropped, ...beside.map(({ name, what }) => ({ name: names.get(name)!, what }))],
  };
}
