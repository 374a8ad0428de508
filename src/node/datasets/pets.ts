import { join } from 'node:path';
import { breedOf } from '../../data/sets/index.js';
import type { DataPicture } from './data-set.js';
import { byStem, picturesIn, stemOf } from './listing.js';
import { trimap } from './readings.js';

/**
 * The Oxford-IIIT Pet Dataset: `images/beagle_12.jpg`, the breed and a number, and `annotations/trimaps/beagle_12.png`.
 * Source: Parkhi et al., "Cats and Dogs", CVPR 2012.
 */
export async function readPets(folder: string): Promise<readonly DataPicture[]> {
  const [images, masks] = [join(folder, 'images'), join(folder, 'annotations', 'trimaps')];
  const trimaps = byStem(await picturesIn(masks));
  return (await picturesIn(images)).map((image) => {
    const mask = trimaps.get(stemOf(image));
    const about = { name: `images/${image}`, path: join(images, image) };
    if (mask === undefined) return { ...about, objects: [], trouble: 'there is no trimap for it' };
    return {
      ...about,
      objects: [{ class: breedOf(stemOf(image)), mask: { path: join(masks, mask), reading: trimap } }],
    };
  });
}
