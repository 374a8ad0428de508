import { DataError } from '../../errors.js';
import { checkLabels } from './idx.js';
import { picturesInMemory, type LabelledPictures } from './labelled-pictures.js';

const SIDE = 32;
const PLANE = SIDE * SIDE;
const PIXELS = 3 * PLANE;

/** How a picture's classes stand before its pixels. */
export interface CifarLayout {
  /** Bytes. */
  readonly labels: number;
  /** Which of them is the class. */
  readonly label: number;
  readonly classes: number;
}

/** CIFAR-100 has a coarse class first, of twenty. */
export const cifarLayouts = {
  'cifar-10': { labels: 1, label: 0, classes: 10 },
  'cifar-100': { labels: 2, label: 1, classes: 100 },
} as const satisfies Record<string, CifarLayout>;

/**
 * The binary version: records of the class and the pixels, one plane a channel.
 * @param source the file's name, for messages
 * @throws DataError if it is no row of whole records, or a label is of no class
 * Source: Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009, and the set's page.
 */
export function cifarPictures(bytes: Uint8Array, source: string, layout: CifarLayout): LabelledPictures {
  const record = layout.labels + PIXELS;
  const count = bytes.length / record;
  if (count === 0 || !Number.isInteger(count)) {
    throw new DataError(
      `"${source}" has ${bytes.length} bytes, which are no row of records of ${record}: it is cut short, or no such file; ` +
        'fetch it again.',
    );
  }
  const labels = Uint8Array.from({ length: count }, (_, index) => bytes[index * record + layout.label]);
  checkLabels(labels, layout.classes, source);
  return picturesInMemory(source, labels, { width: SIDE, height: SIDE }, (index) => {
    const start = index * record + layout.labels;
    const data = new Uint8Array(PIXELS);
    for (let i = 0; i < PIXELS; i++) data[i] = bytes[start + (i % 3) * PLANE + Math.floor(i / 3)];
    return data;
  });
}

/**
 * The names of the classes, one a line.
 * @throws DataError if there are not as many as classes
 */
export function cifarNames(text: string, source: string, classes: number): string[] {
  const names = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (names.length === classes) return names.map((name) => name.trim());
  throw new DataError(`"${source}" names ${names.length} classes, but there are ${classes}.`);
}
