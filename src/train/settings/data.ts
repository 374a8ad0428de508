import * as is from 'valibot';
import { spriteVendors } from '../../data/scenes/index.js';
import { sceneLabels } from '../../models/index.js';
import { count, flag, settings, share, text, told, whole } from './words.js';

const vendors = `one of: ${spriteVendors.join(', ')}`;

/** What is set of the scenes that are made as the training goes. */
export const scenesSettings = settings({
  set: told(
    is.literal('scenes', '"scenes"'),
    '`"scenes"`: drawings on invented backgrounds, made as it goes, of which 10 000 are called an epoch',
  ),
  packages: told(
    is.optional(text, 'node_modules'),
    "the folder in which the drawings' packages are installed, from the configuration's own",
  ),
  vendors: told(
    is.optional(
      is.pipe(
        is.array(is.picklist(spriteVendors, vendors), 'a list of vendors in brackets, [ ... ]'),
        is.minLength(1, 'at least one vendor'),
      ),
      [...spriteVendors],
    ),
    'whose drawings are used',
  ),
  singles: told(
    is.optional(
      settings({
        classes: told(
          is.optional(whole(2, sceneLabels.length), sceneLabels.length),
          `how many classes, the first of the ${sceneLabels.length}`,
        ),
        train: told(count, 'of each class, how many are learned from'),
        test: told(count, 'of each class, how many are measured on'),
        seed: told(is.optional(whole(0), 1), 'of the scenes, whatever the seed of the training is'),
      }),
    ),
    'scenes of one object, so many and the same in each epoch, in place of ever new ones',
  ),
  restyle: told(
    is.optional(flag, false),
    'whether half of the drawings trained on are bent, embossed and recoloured',
  ),
  redraw: told(is.optional(flag, false), 'whether they are drawn otherwise, too'),
});

/** What is set of any other set. */
export const labelledSettings = settings({
  set: told(
    text,
    "a set's name, such as `fashion-mnist`, or a folder, from the configuration's own: with a folder of pictures for each class, " +
      'or as a set is published',
  ),
  testShare: told(
    is.optional(share, 0.2),
    'of each class, the share of the pictures that is measured on, where the set itself has no such part',
  ),
});

export type ScenesData = is.InferOutput<typeof scenesSettings>;
export type LabelledData = is.InferOutput<typeof labelledSettings>;

/** What is trained on. */
export const data = is.lazy<typeof scenesSettings | typeof labelledSettings>((given) =>
  given !== null && typeof given === 'object' && 'set' in given && given.set === 'scenes'
    ? scenesSettings
    : labelledSettings,
);

/** Whether none of them is seen twice. */
export function areEndless(given: ScenesData | LabelledData): given is ScenesData {
  return areScenes(given) && given.singles === undefined;
}

export function areScenes(given: ScenesData | LabelledData): given is ScenesData {
  return given.set === 'scenes';
}
