import * as is from 'valibot';
import { notNegative, probability, range, settings, told, whole } from './words.js';

const randAugment = settings({
  operations: told(is.optional(whole(1, 14), 2), 'how many changes, one after the other'),
  magnitude: told(is.optional(whole(0, 30), 9), 'how strong they are'),
});
const trivialAugment = is.literal(
  'trivial-augment',
  '"trivial-augment", or settings of RandAugment in braces, { ... }',
);

const crop = settings({
  scale: told(is.optional(range, [0.08, 1]), "share of the picture's pixels, from and to"),
  ratio: told(is.optional(range, [3 / 4, 4 / 3]), 'width by height, from and to'),
});

const color = settings({
  brightness: told(is.optional(notNegative, 0), 'by how much its factor may lie above or below 1'),
  contrast: told(is.optional(notNegative, 0), 'the same of it'),
  saturation: told(is.optional(notNegative, 0), 'the same of it'),
});

/** What happens to a picture each time before it is learned from, as `AugmentOptions` has it. */
export const augment = settings({
  crop: told(is.optional(crop), 'a part of it in the place of the whole: random resized crop'),
  shift: told(is.optional(whole(0), 0), 'pixels of the input by which it is moved at most'),
  flip: told(is.optional(probability, 0), 'probability with which left and right are exchanged'),
  color: told(is.optional(color), 'brightness, contrast and saturation changed, in any order'),
  policy: told(
    is.optional(
      is.lazy<typeof randAugment | typeof trivialAugment>((given) =>
        typeof given === 'object' ? randAugment : trivialAugment,
      ),
    ),
    '`"trivial-augment"`: one change of any strength; or RandAugment, `{ "operations": 2, "magnitude": 9 }`: so many changes, as strong as that, from 0 to 30',
  ),
  erase: told(
    is.optional(probability, 0),
    'probability with which a rectangle becomes zeros, the mean of all pictures: random erasing',
  ),
});
