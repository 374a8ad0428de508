import type { Preprocessing } from '../image/index.js';
import type { PictureOfFile } from '../node/index.js';
import { makeReady, type ReadyPicture } from '../pipeline/index.js';
import type { PictureSource } from './picture-sources.js';

/** A picture that is on its way into the model's form. */
export interface OpenedPicture {
  readonly source: PictureSource;
  readonly content: Promise<{ readonly picture: PictureOfFile; readonly ready: ReadyPicture }>;
}

/**
 * Begins to read a picture, so that it is there when the device is free for it. If that fails, whoever awaits the content
 * hears of it.
 */
export function openPicture(source: PictureSource, preprocessings: readonly Preprocessing[]): OpenedPicture {
  const content = source.read().then((picture) => ({
    picture,
    ready: makeReady(picture, preprocessings),
  }));
  content.catch(() => undefined);
  return { source, content };
}
