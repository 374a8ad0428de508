import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../../errors.js';
import { openCifar } from './cifar.js';
import { openClassFolders } from './class-folders.js';
import { openFlowers } from './flowers.js';
import { idxNames, openIdx } from './idx.js';
import type { Division, LabelledLayout, OpenedSet } from './layout.js';
import { openPets } from './pets.js';
import { openTinyImagenet } from './tiny-imagenet.js';

/** Every way, in the order in which a folder is looked at; the last takes any. */
export const labelledLayouts: readonly LabelledLayout[] = [
  {
    name: 'mnist',
    title: 'MNIST',
    home: 'http://yann.lecun.com/exdb/mnist',
    signs: [idxNames('train', 'images-idx3-ubyte'), idxNames('train', 'labels-idx1-ubyte')],
    open: openIdx,
  },
  {
    name: 'fashion-mnist',
    title: 'Fashion-MNIST',
    home: "https://github.com/zalandoresearch/fashion-mnist, or Debian's package dataset-fashion-mnist",
    signs: [idxNames('train', 'images-idx3-ubyte'), idxNames('train', 'labels-idx1-ubyte')],
    open: openIdx,
  },
  {
    name: 'cifar-10',
    title: 'CIFAR-10, binary version',
    home: 'https://www.cs.toronto.edu/~kriz/cifar.html',
    signs: [['data_batch_1.bin'], ['batches.meta.txt']],
    open: (folder) => openCifar(folder, 'cifar-10'),
  },
  {
    name: 'cifar-100',
    title: 'CIFAR-100, binary version',
    home: 'https://www.cs.toronto.edu/~kriz/cifar.html',
    signs: [['train.bin'], ['fine_label_names.txt']],
    open: (folder) => openCifar(folder, 'cifar-100'),
  },
  {
    name: 'tiny-imagenet',
    title: 'Tiny-ImageNet',
    home: 'http://cs231n.stanford.edu/tiny-imagenet-200.zip',
    signs: [['wnids.txt'], ['words.txt'], ['train']],
    open: openTinyImagenet,
  },
  {
    name: 'pets',
    title: 'Oxford-IIIT Pets',
    home: 'https://www.robots.ox.ac.uk/~vgg/data/pets',
    signs: [['annotations/trainval.txt'], ['images']],
    open: openPets,
  },
  {
    name: 'flowers102',
    title: 'Flowers102',
    home: 'https://www.robots.ox.ac.uk/~vgg/data/flowers/102',
    signs: [['imagelabels.mat'], ['setid.mat'], ['jpg']],
    open: openFlowers,
  },
  {
    name: 'folders',
    title: 'a folder for each class',
    signs: [],
    open: openClassFolders,
  },
];

/** Where sets are looked for by their names. */
const places = (name: string): string[] => [join('data', name), join('/usr/share/datasets', name)];

/**
 * Opens a set to learn from: a folder, in whichever way it is laid out, or a set by its name, in the folder `data`.
 * @throws UsageError if there is none, with where it is to be had
 * @throws DataError if a file of it is missing or damaged
 */
export async function openLabelledSet(place: string, division: Division): Promise<OpenedSet> {
  if (isFolder(place)) return layoutOf(place).open(place, division);
  const known = labelledLayouts.find(({ name, home }) => name === place && home !== undefined);
  if (!known) {
    const names = labelledLayouts.filter(({ home }) => home !== undefined).map(({ name }) => name);
    throw new UsageError(
      `There is no folder "${place}" with pictures to learn from; give one, or a set by its name: ${names.join(', ')}.`,
    );
  }
  const folder = places(known.name).find(isFolder);
  if (folder === undefined) {
    throw new UsageError(
      `${known.title} is not here, and nothing is downloaded unasked: fetch it from ${known.home}, unpack it into ` +
        `"${places(known.name)[0]}", or name its folder.`,
    );
  }
  return known.open(folder, division);
}

function layoutOf(folder: string): LabelledLayout {
  return labelledLayouts.find(({ signs }) =>
    signs.every((names) => names.some((name) => existsSync(join(folder, name)))),
  )!;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
