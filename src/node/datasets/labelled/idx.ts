import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { checkLabels, idxPictures, type DataSet, type LabelledPictures } from '../../../data/sets/index.js';
import { DataError } from '../../../errors.js';
import { unpackedBytes } from './files.js';

const CLASSES = 10;

/** Names of the classes of sets that come in this format, by a word of the folder's name; digits else. */
const named: Readonly<Record<string, readonly string[]>> = {
  fashion: [
    'T-shirt/top',
    'trouser',
    'pullover',
    'dress',
    'coat',
    'sandal',
    'shirt',
    'sneaker',
    'bag',
    'ankle boot',
  ],
};
const digits: readonly string[] = Array.from({ length: CLASSES }, (_, digit) => String(digit));

/** `train-images-idx3-ubyte`, with a point in the place of the second line, as some have it, packed or not. */
export function idxNames(part: string, content: string): string[] {
  return ['-', '.'].flatMap((line) => {
    const name = `${part}-${content.replace('-', line)}`;
    return [name, `${name}.gz`];
  });
}

/**
 * MNIST, Fashion-MNIST and what else comes in their four files.
 * Sources: LeCun, Cortes and Burges; Xiao, Rasul and Vollgraf, "Fashion-MNIST", 2017, for the names.
 */
export async function openIdx(folder: string): Promise<DataSet> {
  const [train, test] = await Promise.all(['train', 't10k'].map((part) => readPart(folder, part)));
  const words = basename(resolve(folder)).toLowerCase();
  const known = Object.keys(named).find((word) => words.includes(word));
  return { classes: known === undefined ? digits : named[known], train, test };
}

async function readPart(folder: string, part: string): Promise<LabelledPictures> {
  const read = async (content: string): Promise<{ source: string; bytes: Uint8Array }> => {
    const names = idxNames(part, content);
    const name = names.find((each) => existsSync(join(folder, each)));
    if (name === undefined) throw new DataError(`${folder} lacks "${names[0]}", packed or not.`);
    const source = join(folder, name);
    return { source, bytes: await unpackedBytes(source) };
  };
  const [images, labels] = await Promise.all(['images-idx3-ubyte', 'labels-idx1-ubyte'].map(read));
  const pictures = idxPictures(images, labels);
  checkLabels(pictures.labels, CLASSES, labels.source);
  return pictures;
}
