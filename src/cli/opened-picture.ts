import { preprocess, vitExplainPreprocessing } from '../image/index.js';
import type { Picture, Preprocessed, Preprocessing } from '../image/index.js';
import { readPicture, type OpenedModel } from '../node/index.js';
import type { ExplainOptions } from './explain-options.js';

/** A picture that is on its way into the model's form. */
export interface OpenedPicture {
  readonly path: string;
  readonly content: Promise<Preprocessed & { readonly picture: Picture }>;
}

/** How pictures become the model's input: as it was trained, or as the script that is followed does it. */
export function preprocessingFor(
  { preprocessing }: OpenedModel,
  { method }: Pick<ExplainOptions, 'method'>,
): Preprocessing {
  return method.compat === undefined
    ? preprocessing
    : { ...vitExplainPreprocessing, size: preprocessing.size };
}

/**
 * Begins to read a picture, so that it is there when the device is free for it. If that fails, whoever awaits the content
 * hears of it.
 */
export function openPicture(path: string, preprocessing: Preprocessing): OpenedPicture {
  const content = readPicture(path).then((picture) => ({ picture, ...preprocess(picture, preprocessing) }));
  content.catch(() => undefined);
  return { path, content };
}
