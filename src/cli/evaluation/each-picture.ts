import { DeviceError, VitrineError } from '../../errors.js';
import { complain } from '../legible.js';
import type { PictureProgress } from '../picture-progress.js';
import type { ResultsFile } from './results-file.js';

/** Pictures that are begun: so many that the device has enough to do while a program is planned for the first with more objects. */
const BEGUN = 12;

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
 * Measures pictures, several at a time, so that the device is never idle while maps are looked at; results are in the pictures'
 * order. What cannot be taken is named once and left out.
 * @throws DeviceError, UsageError for what is no picture's fault: a device that fails, results that cannot be written
 */
export async function forEachPicture<Picture>(round: Round<Picture>): Promise<void> {
  const { part, names, read, results, progress, signal, skipped } = round;
  // One is read at a time: of large photographs several would be gigabytes.
  let reading: Promise<unknown> = Promise.resolve();
  const begin = (place: number): Promise<Outcome> | undefined => {
    if (place >= names.length || results.has(part, names[place])) return undefined;
    const picture = reading.then(() => {
      signal.throwIfAborted();
      return read(place);
    });
    reading = picture.catch(() => undefined);
    const outcome = outcomeOf(round, picture);
    // Whoever awaits it hears of a failure.
    outcome.catch(() => undefined);
    return outcome;
  };
  const begun: (Promise<Outcome> | undefined)[] = [];
  try {
    for (const [place, name] of names.entries()) {
      while (begun.length < place + BEGUN) begun.push(begin(begun.length));
      const outcome = await begun[place];
      if (outcome instanceof VitrineError) {
        if (!skipped.has(name)) complain(`${name} is left out: ${outcome.message}`);
        skipped.set(name, outcome.message);
      } else if (outcome) await results.add(part, name, outcome);
      progress.advance(begun[place] !== undefined);
      begun[place] = undefined;
    }
  } finally {
    // They may still be at work with what is about to be given back.
    await Promise.allSettled(begun.map((one) => Promise.resolve(one)));
  }
}

async function outcomeOf<Picture>(
  { measure, signal }: Pick<Round<Picture>, 'measure' | 'signal'>,
  picture: Promise<Picture>,
): Promise<Outcome> {
  try {
    return await measure(await picture);
  } catch (error) {
    if (signal.aborted || error instanceof DeviceError || !(error instanceof VitrineError)) throw error;
    return error;
  }
}
