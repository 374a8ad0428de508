import { basename } from 'node:path';
import type { Backend } from '../../compiler/backend.js';
import { loadModel, openTested, writeFilesAtomically, type DataRequest } from '../../node/index.js';
import { Interrupted } from '../interruption.js';
import { tell } from '../legible.js';
import { worthOf } from './classifier.js';
import { worthFiles, worthInLines } from './worth-in-words.js';

/**
 * Measures what a training has made, as anybody would who has its file, and leaves what is found beside it.
 * @param folder of the training
 */
export async function testTrained(
  file: string,
  folder: string,
  request: DataRequest,
  backend: Backend,
  signal: AbortSignal,
): Promise<void> {
  const pictures = await openTested(request);
  const loaded = await loadModel({ name: file });
  const classes = loaded.labels.map((_, index) => index);
  try {
    const worth = await worthOf(loaded, backend, { pictures, classes }, { signal });
    if (!worth) return;
    const { name: model, labels } = loaded;
    const data = basename(request.recipe.data.set);
    await writeFilesAtomically(worthFiles(folder, { model, data, labels, worth }));
    tell('on pictures that were never learned from:');
    for (const line of worthInLines(worth)) tell(line);
  } catch (error) {
    // The training is done, and whoever stops now does not want to know.
    if (!(error instanceof Interrupted)) throw error;
  }
}
