import { join } from 'node:path';
import { petsClasses, petsList, type DataSet } from '../../../data/sets/index.js';
import { readPicture } from '../../pictures/read.js';
import { stemOf } from '../listing.js';
import { trimap } from '../readings.js';
import { picturesInFiles, textOf } from './files.js';

/** Oxford-IIIT Pets with its own parts; masks are its trimaps. */
export async function openPets(folder: string): Promise<DataSet> {
  const annotations = join(folder, 'annotations');
  const [train, test] = await Promise.all(
    ['trainval.txt', 'test.txt'].map(async (name) => {
      const path = join(annotations, name);
      return petsList(await textOf(path), path);
    }),
  );
  const pictures = (list: typeof train) =>
    picturesInFiles(
      list.map(({ file, label }) => ({ path: join(folder, 'images', `${file}.jpg`), label })),
      async ({ path }) => trimap(await readPicture(join(annotations, 'trimaps', `${stemOf(path)}.png`))),
    );
  return { classes: petsClasses([...train, ...test]), train: pictures(train), test: pictures(test) };
}
