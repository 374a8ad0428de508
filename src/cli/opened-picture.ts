import { imagenetPreprocessing, preprocess, vitExplainPreprocessing } from '../image/index.js';
import type { Picture, Preprocessed } from '../image/index.js';
import { readPicture } from '../node/index.js';
import type { ExplainOptions } from './explain-options.js';

/** A picture that is on its way into the model's form. */
export interface OpenedPicture {
  readonly path: string;
  readonly content: Promise<Preprocessed & { readonly picture: Picture }>;
}

/**
 * Begins to read a picture, so that it is there when the device is free for it. If that fails, whoever awaits the content
 * hears of it.
 */
export function openPicture(path: string, { method }: ExplainOptions): OpenedPicture {
  const preprocessing = method.compat === undefined ? imagenetPreprocessing : vitExplainPreprocessing;
  const content = readPicture(path).then((picture) => ({ picture, ...preprocess(picture, preprocessing) }));
  content.catch(() => undefined);
  return { path, content };
}
