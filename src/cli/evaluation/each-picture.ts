import { DeviceError, VitrineError } from '../../errors.js';
import { complain } from '../legible.js';
import type { PictureProgress } from '../picture-progress.js';
import type { ResultsFile } from './results-file.js';

/** What goes over pictures. */
export interface Round<Picture> {
  /** `maps`, or the stage down to which the model is random. */
  readonly part: string;
  /** Of the pictures, in their order. */
  readonly names: readonly string[];
  readonly read: (place: number) => Promise<Picture>;
  readonly measure: (picture: Picture) => Promise<Parameters<ResultsFile['add']>[2]>;
  readonly results: Pick<ResultsFile, 'has' | 'add'>;
  readonly progress: Pick<PictureProgress, 'advance'>;
  readonly signal: AbortSignal;
  /** Why pictures were left out, by their names: it is added to. */
  readonly skipped: Map<string, string>;
}

/**
 * Reads the next picture while one is measured; what cannot be taken is named once and left out.
 * @throws DeviceError, UsageError for what is no picture's fault: a device that fails, results that cannot be written
 */
export async function forEachPicture<Picture>(round: Round<Picture>): Promise<void> {
  const { part, names, results, signal, progress } = round;
  const read = (place: number) => {
    if (place >= names.length || results.has(part, names[place])) return undefined;
    const reading = round.read(place);
    reading.catch(() => undefined);
    return reading;
  };
  let next = read(0);
  for (const [place, name] of names.entries()) {
    const current = next;
    next = read(place + 1);
    if (!current) {
      progress.advance(false);
      continue;
    }
    signal.throwIfAborted();
    const maps = await measured(round, name, current);
    if (maps) await results.add(part, name, maps);
    progress.advance(true);
  }
}

/** Undefined if it cannot be. */
async function measured<Picture>(
  { measure, signal, skipped }: Round<Picture>,
  name: string,
  reading: Promise<Picture>,
) {
  try {
    return await measure(await reading);
  } catch (error) {
    if (signal.aborted || error instanceof DeviceError || !(error instanceof VitrineError)) throw error;
    if (!skipped.has(name)) complain(`${name} is left out: ${error.message}`);
    skipped.set(name, error.message);
    return undefined;
  }
}
