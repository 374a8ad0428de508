import { UsageError } from '../errors.js';
import { completed, labelsOf } from '../models/index.js';
import { resolveModel, type ResolvedModel } from '../node/index.js';

/** A model that a training begins with. */
export interface Foundation {
  readonly entry: ResolvedModel;
  /** What it settles of the training. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Finds the model that a training is to begin with: its sizes and its preprocessing are those of the training.
 * @param from as `--model` of `explain`
 * @param imageSize height and width of the input, if not its own; its positions are resampled
 * @throws UsageError if there is none, or it cannot be trained further
 */
export async function foundationOf(from: string, imageSize: number | undefined): Promise<Foundation> {
  const entry = await resolveModel({ name: from, imageSize });
  const { imageSize: image, patchSize: patch, channels, ...rest } = completed(entry.config);
  const isSquare = image[0] === image[1] && patch[0] === patch[1];
  if (!isSquare || channels !== 3) {
    throw new UsageError(
      `${entry.name} takes ${channels === 3 ? 'input or patches that are no squares' : `pictures of ${channels} channels`}, and what is ` +
        'trained takes squares in colour; begin with another model.',
    );
  }
  const model: Record<string, unknown> = { imageSize: image[0], patchSize: patch[0], ...rest };
  delete model['classes'];
  const { preprocessing } = entry;
  const size = image[0];
  return { entry, settings: { from, model, preprocessing: { ...preprocessing, size } } };
}

/** Whether a model tells the same classes apart, so that its head is of use. */
export function knows({ entry }: Foundation, labels: readonly string[]): boolean {
  const own = labelsOf(entry);
  return own.length === labels.length && own.every((name, index) => name === labels[index]);
}
