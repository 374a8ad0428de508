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

/** What has come of a picture: its maps, or why it was left out. */
type Outcome = Parameters<ResultsFile['add']>[2] | VitrineError;

/**
 * Measures pictures, two at a time, so that the device is at one while the other's maps are looked at; results are in the pictures'
 * order. What cannot be taken is named once and left out.
 * @throws DeviceError, UsageError for what is no picture's fault: a device that fails, results that cannot be written
 */
export async function forEachPicture<Picture>(round: Round<Picture>): Promise<void> {
  const { part, names, results, progress, skipped } = round;
  const begin = (place: number): Promise<Outcome> | undefined => {
    if (place >= names.length || results.has(part, names[place])) return undefined;
    const outcome = outcomeOf(round, place);
    // Whoever awaits it hears of a failure.
    outcome.catch(() => undefined);
    return outcome;
  };
  let next = begin(0);
  try {
    for (const [place, name] of names.entries()) {
      const current = next;
      next = begin(place + 1);
      const outcome = await current;
      if (outcome instanceof VitrineError) {
        if (!skipped.has(name)) complain(`${name} is left out: ${outcome.message}`);
        skipped.set(name, outcome.message);
      } else if (outcome) await results.add(part, name, outcome);
      progress.advance(current !== undefined);
    }
  } finally {
    // It may still be at work with what is about to be given back.
    await next?.catch(() => undefined);
  }
}

async function outcomeOf<Picture>(
  { read, measure, signal }: Round<Picture>,
  place: number,
): Promise<Outcome> {
  signal.throwIfAborted();
  try {
    return await measure(await read(place));
  } catch (error) {
    if (signal.aborted || error instanceof DeviceError || !(error instanceof VitrineError)) throw error;
    return error;
  }
}
