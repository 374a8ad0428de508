import { join } from 'node:path';
import { linesOf, tinyImagenetList, tinyImagenetNames, type DataSet } from '../../../data/sets/index.js';
import { picturesIn } from '../listing.js';
import { picturesInFiles, textOf, type LabelledFile } from './files.js';

/** Tiny-ImageNet. Its test pictures have no labels, so those for validation are measured on. */
export async function openTinyImagenet(folder: string): Promise<DataSet> {
  const ids = linesOf(await textOf(join(folder, 'wnids.txt'))).map(([, id]) => id);
  const validation = join(folder, 'val', 'val_annotations.txt');
  const test = tinyImagenetList(await textOf(validation), validation, ids);
  const train = await Promise.all(
    ids.map(async (id, label): Promise<LabelledFile[]> => {
      const images = join(folder, 'train', id, 'images');
      return (await picturesIn(images)).map((name) => ({ path: join(images, name), label }));
    }),
  );
  return {
    classes: tinyImagenetNames(await textOf(join(folder, 'words.txt')), ids),
    train: picturesInFiles(train.flat()),
    test: picturesInFiles(
      test.map(({ file, label }) => ({ path: join(folder, 'val', 'images', file), label })),
    ),
  };
}
