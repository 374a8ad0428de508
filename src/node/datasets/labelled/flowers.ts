import { join } from 'node:path';
import { flowersClasses, flowersList, parseMat, type DataSet } from '../../../data/sets/index.js';
import { bytesOf, picturesInFiles } from './files.js';

/** Flowers102 with its own parts. */
export async function openFlowers(folder: string): Promise<DataSet> {
  const [labels, split] = await Promise.all(
    ['imagelabels.mat', 'setid.mat'].map(async (name) => {
      const path = join(folder, name);
      return parseMat(await bytesOf(path), path);
    }),
  );
  const { train, test } = flowersList(labels, split, folder);
  const pictures = (list: typeof train) =>
    picturesInFiles(list.map(({ file, label }) => ({ path: join(folder, 'jpg', file), label })));
  return { classes: flowersClasses, train: pictures(train), test: pictures(test) };
}
