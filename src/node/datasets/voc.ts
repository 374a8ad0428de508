import { join } from 'node:path';
import { readTextIfThere } from '../files/text.js';
import type { DataPicture } from './data-set.js';
import { byStem, picturesIn, stemOf } from './listing.js';
import { colouredObjects } from './colours.js';
import { packed } from './readings.js';

/** The classes of the PASCAL Visual Object Classes, whose colours follow from their numbers. */
const classes = [
  'background',
  'aeroplane',
  'bicycle',
  'bird',
  'boat',
  'bottle',
  'bus',
  'car',
  'cat',
  'chair',
  'cow',
  'diningtable',
  'dog',
  'horse',
  'motorbike',
  'person',
  'pottedplant',
  'sheep',
  'sofa',
  'train',
  'tvmonitor',
] as const;

/** The bits of a class's number are dealt out to red, green and blue, from the highest bit of each down. */
function colourOf(number: number): number {
  let [red, green, blue] = [0, 0, 0];
  for (let bit = 7, rest = number; rest > 0; bit--, rest >>= 3) {
    red |= (rest & 1) << bit;
    green |= ((rest >> 1) & 1) << bit;
    blue |= ((rest >> 2) & 1) << bit;
  }
  return packed(red, green, blue);
}

export const vocColours: ReadonlyMap<number, string> = new Map(
  classes.slice(1).map((name, i) => [colourOf(i + 1), name]),
);

/**
 * PASCAL VOC: `JPEGImages`, and for those with masks `SegmentationClass`, a colour a class. Of a data set, those that
 * `ImageSets/Segmentation/val.txt` lists, if it is there.
 */
export async function readVoc(folder: string): Promise<readonly DataPicture[]> {
  const [images, masks] = [join(folder, 'JPEGImages'), join(folder, 'SegmentationClass')];
  const pictures = byStem(await picturesIn(images));
  const maskNames = await picturesIn(masks);
  const list = await readTextIfThere(join(folder, 'ImageSets', 'Segmentation', 'val.txt'));
  const chosen = list === undefined ? undefined : new Set(list.split(/\s+/).filter(Boolean));
  const masked = new Set(maskNames.map(stemOf));
  const lacking = [...(chosen ?? [])]
    .filter((stem) => !masked.has(stem))
    .map((stem): DataPicture => {
      const name = `JPEGImages/${pictures.get(stem) ?? stem}`;
      return { name, path: join(folder, name), objects: [], trouble: 'there is no mask for it' };
    });
  const found: DataPicture[] = [];
  for (const mask of maskNames.filter((name) => chosen?.has(stemOf(name)) ?? true)) {
    const image = pictures.get(stemOf(mask));
    if (image === undefined) {
      found.push({
        name: mask,
        path: join(masks, mask),
        objects: [],
        trouble: 'there is no picture to this mask',
      });
      continue;
    }
    found.push({
      name: `JPEGImages/${image}`,
      path: join(images, image),
      ...(await colouredObjects(join(masks, mask), vocColours)),
    });
  }
  return [...found, ...lacking];
}
