import { join } from 'node:path';
import {
  cifarLayouts,
  cifarNames,
  cifarPictures,
  joined,
  type DataSet,
  type LabelledPictures,
} from '../../../data/sets/index.js';
import { bytesOf, textOf } from './files.js';

/** The files of each set's binary version. */
const files = {
  'cifar-10': {
    names: 'batches.meta.txt',
    train: [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
    test: ['test_batch.bin'],
  },
  'cifar-100': { names: 'fine_label_names.txt', train: ['train.bin'], test: ['test.bin'] },
} as const;

/** @param name of the set */
export async function openCifar(folder: string, name: keyof typeof files): Promise<DataSet> {
  const layout = cifarLayouts[name];
  const { names, train, test } = files[name];
  const part = async (those: readonly string[]): Promise<LabelledPictures> =>
    joined(
      await Promise.all(
        those.map(async (file) => {
          const path = join(folder, file);
          return cifarPictures(await bytesOf(path), path, layout);
        }),
      ),
    );
  const namesFile = join(folder, names);
  return {
    classes: cifarNames(await textOf(namesFile), namesFile, layout.classes),
    train: await part(train),
    test: await part(test),
  };
}
