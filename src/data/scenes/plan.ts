import type { Random } from '../../random.js';
import { randomBackground, type Background } from './background.js';
import { colourMap, type ColourMap } from './colour.js';
import type { Sprite } from './sprite.js';

/** Where and how a sprite is drawn. Lengths are shares of the scene's side. */
export interface Placement {
  readonly sprite: Sprite;
  /** Of the sprite's centre. */
  readonly x: number;
  readonly y: number;
  /** Of the sprite's longer side. */
  readonly size: number;
  /** Radians, clockwise. */
  readonly angle: number;
  /** 1, or -1 if left and right are exchanged. */
  readonly flip: 1 | -1;
  /** How far the top leans, as a share of the height; and how much broader than drawn. */
  readonly shear: number;
  readonly stretch: number;
  readonly colours: ColourMap;
  /** Light from one side: the change of brightness from the centre to the right and to the lower edge. */
  readonly shade: readonly [number, number];
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

export interface SceneOptions {
  /** Of objects, from 1 to 3; at random if left out. */
  readonly count?: number;
  /** From 0, where there is one object as it was drawn and no clutter, to 1, the default. */
  readonly difficulty?: number;
}

/**
 * Invents a scene.
 * @param sprites of each class: first a class is chosen, then one of its sprites, so that none is more frequent for
 *   having many
 */
export function planScene(
  sprites: readonly (readonly Sprite[])[],
  random: Random,
  { count, difficulty = 1 }: SceneOptions = {},
): ScenePlan {
  const background = randomBackground(random);
  const single = random.chance(1 - 0.5 * difficulty);
  const number = count ?? (single ? 1 : random.chance(0.7) ? 2 : 3);
  const [chosen, others] = split(shuffled(sprites, random), number);
  const clutterCount = random.chance(1 - 0.5 * difficulty) ? 0 : 1 + random.integer(4);
  const clutter = Array.from({ length: others.length === 0 ? 0 : clutterCount }, () =>
    fragment(random.pick(random.pick(others)), random, difficulty),
  );
  const objects: Placement[] = [];
  for (const group of chosen) {
    objects.push(placed(random.pick(group), objects, number, random, difficulty));
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
  sprite: Sprite,
  others: readonly Placement[],
  count: number,
  random: Random,
  difficulty: number,
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
  return { sprite, x, y, size, ...variation(random, difficulty) };
}

function fragment(sprite: Sprite, random: Random, difficulty: number): Placement {
  return {
    sprite,
    x: random.next(),
    y: random.next(),
    size: random.uniform(0.2, 0.8),
    ...variation(random, difficulty),
    angle: random.uniform(0, 2 * Math.PI),
    cut: { x: random.uniform(-0.3, 0.3), y: random.uniform(-0.3, 0.3), radius: random.uniform(0.12, 0.26) },
  };
}

/** How one drawing becomes many. */
function variation(random: Random, difficulty: number): Omit<Placement, 'sprite' | 'x' | 'y' | 'size'> {
  const spread = (reach: number): number => difficulty * random.uniform(-reach, reach);
  return {
    angle: spread(random.chance(0.9) ? 0.3 : 0.7),
    flip: random.chance(0.5) ? 1 : -1,
    shear: spread(0.12),
    stretch: Math.exp(spread(0.12)),
    // Vendors agree on the colours of things: a cat may be more or less orange, but hardly ever blue.
    colours: colourMap({
      hue: spread(0.25),
      saturation: Math.exp(spread(0.4)),
      contrast: Math.exp(spread(0.3)),
      brightness: spread(0.12),
    }),
    shade: [spread(0.35), spread(0.35)],
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
