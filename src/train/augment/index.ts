/** Pictures as they are learned from: each piece alone, and all of them as options have it. */
export { augmentation, placement, type Augmentation, type AugmentOptions } from './augment.js';
export { randomResizedCrop, randomArea, shifted, type RandomResizedCropOptions } from './crop.js';
export { erase } from './erase.js';
export { flipped } from './flip.js';
export { jittered, type JitterOptions } from './jitter.js';
export { cutmix, mixed, mixup, type Mixable, type MixOptions } from './mix.js';
export { randAugment, trivialAugment, type Policy, type RandAugmentOptions } from './policies.js';
export { shuffled } from './shuffle.js';
