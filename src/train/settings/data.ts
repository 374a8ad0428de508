import * as is from 'valibot';
import { spriteVendors } from '../../data/scenes/index.js';
import { flag, settings, share, text, told } from './words.js';

const vendors = `one of: ${spriteVendors.join(', ')}`;

/** What is set of the scenes that are made as the training goes. */
export const scenesEntries = {
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
  restyle: told(
    is.optional(flag, false),
    'whether half of the drawings trained on are bent, embossed and recoloured',
  ),
  redraw: told(is.optional(flag, false), 'whether they are drawn otherwise, too'),
};

/** What is set of any other set. */
export const labelledEntries = {
  set: told(
    text,
    "a set's name, such as `fashion-mnist`, or a folder, from the configuration's own: with a folder of pictures for each class, " +
      'or as a set is published',
  ),
  testShare: told(
    is.optional(share, 0.2),
    'of each class, the share of the pictures that is measured on, where the set itself has no such part',
  ),
};

const scenes = settings(scenesEntries);
const labelled = settings(labelledEntries);

export type ScenesData = is.InferOutput<typeof scenes>;
export type LabelledData = is.InferOutput<typeof labelled>;

/** What is trained on. */
export const data = is.lazy<typeof scenes | typeof labelled>((given) =>
  given !== null && typeof given === 'object' && 'set' in given && given.set === 'scenes' ? scenes : labelled,
);

export function areScenes(given: ScenesData | LabelledData): given is ScenesData {
  return given.set === 'scenes';
}
