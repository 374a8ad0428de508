import type { Picture } from '../../image/index.js';
import type { Random } from '../../random.js';
import { brightness, contrast, saturation } from './enhance.js';
import { shuffled } from './shuffle.js';

/** By how much a factor may lie above or below 1. */
export interface JitterOptions {
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
}

const changes = { brightness, contrast, saturation };

/** Each of the three, in any order. Source: torchvision's `ColorJitter`, without its hue. */
export function jittered(picture: Picture, options: JitterOptions, random: Random): Picture {
  const names = Object.keys(changes) as (keyof JitterOptions)[];
  return shuffled(names, random).reduce((result, name) => {
    const reach = options[name];
    return reach === 0 ? result : changes[name](result, random.uniform(Math.max(0, 1 - reach), 1 + reach));
  }, picture);
}
