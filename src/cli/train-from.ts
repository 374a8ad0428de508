import { simplified } from '../image/preprocess.js';
import { completed, labelsOf, type Extent } from '../models/index.js';
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
 * @throws UsageError if there is none
 */
export async function foundationOf(from: string, imageSize: Extent | undefined): Promise<Foundation> {
  const entry = await resolveModel({ name: from, imageSize });
  const { imageSize: image, patchSize: patch, channels, ...rest } = completed(entry.config);
  const model: Record<string, unknown> = {
    ...{ imageSize: simplified(image), patchSize: simplified(patch), ...rest },
    // What is usual is left out, as whoever writes a configuration does.
    ...(channels === 3 ? {} : { channels }),
  };
  delete model['classes'];
  const { preprocessing } = entry;
  return { entry, settings: { from, model, preprocessing } };
}

/** Whether a model tells the same classes apart, so that its head is of use. */
export function knows({ entry }: Foundation, labels: readonly string[]): boolean {
  const own = labelsOf(entry);
  return own.length === labels.length && own.every((name, index) => name === labels[index]);
}
