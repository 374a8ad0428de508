import type { Random } from '../../random.js';
import { randomBackground, type Background } from './background.js';
import type { Sprite } from './sprite.js';
import { vary, type Variation, type VariationOptions } from './variation.js';

/** Where and how a sprite is drawn. Lengths are shares of the scene's side. */
export interface Placement extends Variation {
  /** Of the sprite's centre. */
  readonly x: number;
  readonly y: number;
  /** Of the sprite's longer side. */
  readonly size: number;
  /** Only what lies within a circle is drawn, in shares of the sprite's longer side about its centre. */
  readonly cut?: { readonly x: number; readonly y: number; readonly radius: number };
}

/** Everything that is random about a scene; it can be drawn at any size. */
export interface ScenePlan {
  readonly background: Background;
  /** Fragments of sprites whose classes are not among the objects, behind these. */
  readonly clutter: readonly Placement[];
  /** Of different classes; the later lie in front. */
  readonly objects: readonly Placement[];
  /** Of the pixels' brightness, standard deviation in 0..1. */
  readonly grain: number;
  /** Seeds the grain. */
  readonly grainSeed: number;
}

/** The sizes that objects have when there are one, two or three. */
const sizes: readonly (readonly [number, number])[] = [
  [0.4, 0.95],
  [0.35, 0.6],
  [0.3, 0.45],
];

/** At difficulty 0, a scene is one object, without clutter. */
export interface SceneOptions extends Partial<VariationOptions> {
  /** Of objects, from 1 to 3; at random if left out. */
  readonly count?: number;
}

/**
 * Invents a scene.
 * @param sprites of each class: first a class is chosen, then one of its sprites, so that none is more frequent for
 *   having many
 */
export function planScene(
  sprites: readonly (readonly Sprite[])[],
  random: Random,
  { count, difficulty = 1, restyle = false, redraw = false }: SceneOptions = {},
): ScenePlan {
  const options = { difficulty, restyle, redraw };
  const background = randomBackground(random);
  const single = random.chance(1 - 0.5 * difficulty);
  const number = count ?? (single ? 1 : random.chance(0.7) ? 2 : 3);
  const [chosen, others] = split(shuffled(sprites, random), number);
  const clutterCount = random.chance(1 - 0.5 * difficulty) ? 0 : 1 + random.integer(4);
  const clutter = Array.from({ length: others.length === 0 ? 0 : clutterCount }, () =>
    fragment(random.pick(others), random, options),
  );
  const objects: Placement[] = [];
  for (const group of chosen) {
    objects.push(placed(group, objects, number, random, options));
  }
  return {
    background,
    clutter,
    objects,
    grain: difficulty * random.next() ** 2 * 0.04,
    grainSeed: random.integer(2 ** 31),
  };
}

/** Any place that keeps clear of the others; the clearest of many if there is none that is clear enough. */
function placed(
  group: readonly Sprite[],
  others: readonly Placement[],
  count: number,
  random: Random,
  options: VariationOptions,
): Placement {
  const [smallest, largest] = sizes[count - 1];
  let best: { x: number; y: number; size: number; gap: number } | undefined;
  for (let attempt = 0; attempt < 30 && !(best && best.gap > -0.03); attempt++) {
    const size = random.uniform(smallest, largest);
    // A little of it may lie outside.
    const margin = 0.42 * size;
    const x = random.uniform(margin, 1 - margin);
    const y = random.uniform(margin, 1 - margin);
    const gaps = others.map((other) => Math.hypot(x - other.x, y - other.y) - 0.42 * (size + other.size));
    const gap = Math.min(Infinity, ...gaps);
    if (!best || gap > best.gap) best = { x, y, size, gap };
  }
  const { x, y, size } = best!;
  return { x, y, size, ...vary(group, random, options) };
}

function fragment(group: readonly Sprite[], random: Random, options: VariationOptions): Placement {
  return {
    x: random.next(),
    y: random.next(),
    size: random.uniform(0.2, 0.8),
    ...vary(group, random, options),
    angle: random.uniform(0, 2 * Math.PI),
    cut: { x: random.uniform(-0.3, 0.3), y: random.uniform(-0.3, 0.3), radius: random.uniform(0.12, 0.26) },
  };
}

function split<Item>(items: readonly Item[], count: number): [Item[], Item[]] {
  return [items.slice(0, count), items.slice(count)];
}

/** The method of Fisher and Yates. */
function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}
