import { join } from 'node:path';
import type { DataPicture } from './data-set.js';
import { picturesIn, stemOf } from './listing.js';
import { numbered } from './readings.js';

/**
 * ImageNet-S: `validation/n02123045/ILSVRC2012_val_00000293.JPEG`, and the same in `validation-segmentation` as PNG. The folder's
 * name is the class, by its WordNet id.
 * Source: Gao et al., "Large-scale Unsupervised Semantic Segmentation", TPAMI 2022.
 */
export async function readImagenetS(folder: string): Promise<readonly DataPicture[]> {
  const [images, masks] = [join(folder, 'validation'), join(folder, 'validation-segmentation')];
  const there = new Map((await picturesIn(masks, true)).map((name) => [withoutEnding(name), name]));
  return (await picturesIn(images, true)).map((image) => {
    const mask = there.get(withoutEnding(image));
    const about = { name: `validation/${image}`, path: join(images, image) };
    if (mask === undefined) return { ...about, objects: [], trouble: 'there is no mask for it' };
    const [category] = image.split('/');
    return { ...about, objects: [{ class: category, mask: { path: join(masks, mask), reading: numbered } }] };
  });
}

function withoutEnding(name: string): string {
  return [...name.split('/').slice(0, -1), stemOf(name)].join('/');
}
