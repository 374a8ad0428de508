import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../errors.js';
import type { DataSet, Layout } from './data-set.js';
import { readImagenetS } from './imagenet-s.js';
import { indexName, readIndexFile } from './index-file.js';
import { exists, picturesIn } from './listing.js';
import { readMasksFolder } from './masks-folder.js';
import { readPets } from './pets.js';
import { readVoc } from './voc.js';

/** Every way, a line each; the first whose signs are there is taken. */
export const layouts: readonly Layout[] = [
  { name: 'index.json', signs: [indexName], read: readIndexFile },
  { name: 'Oxford-IIIT Pet', signs: ['images', 'annotations/trimaps'], read: readPets },
  { name: 'PASCAL VOC', signs: ['JPEGImages', 'SegmentationClass'], read: readVoc },
  { name: 'ImageNet-S', signs: ['validation', 'validation-segmentation'], read: readImagenetS },
  { name: 'images and masks', signs: ['images', 'masks'], read: readMasksFolder },
  { name: 'pictures', signs: [], read: readPictures },
];

/**
 * The pictures of a folder, with masks and classes where it has them.
 * @param isResult whether a picture that nobody lists is a result of an evaluation, and no picture of the set
 * @throws UsageError if there is no such folder, or nothing in it that is a picture
 */
export async function openDataSet(
  folder: string,
  isResult: (path: string) => boolean = () => false,
): Promise<DataSet> {
  const entry = await stat(folder).catch(() => undefined);
  if (!entry?.isDirectory()) {
    throw new UsageError(`There is no folder ${folder}; give one with pictures: --data DIR.`);
  }
  for (const { name, signs, read } of layouts) {
    const there = await Promise.all(signs.map((sign) => exists(join(folder, sign))));
    if (!there.every(Boolean)) continue;
    const pictures = await read(folder, isResult);
    if (pictures.length === 0) {
      throw new UsageError(`The folder ${folder} holds no picture; give one that does: --data DIR.`);
    }
    return { folder, layout: name, pictures };
  }
  throw new TypeError('Every folder is laid out somehow.');
}

/** Any folder of pictures, those in folders below it too. */
async function readPictures(folder: string, isResult: (path: string) => boolean) {
  return (await picturesIn(folder, true))
    .map((name) => ({ name, path: join(folder, name), objects: [] }))
    .filter(({ path }) => !isResult(path));
}
