import type { Random } from '../../random.js';
import {
  colourMap,
  moved,
  nearbyColour,
  paint,
  randomColour,
  type Colour,
  type ColourMap,
} from './colour.js';
import { details, reliefs, type Detail, type Relief } from './redraw.js';
import type { Sprite } from './sprite.js';

/** How one of many drawings of a thing is drawn. */
export interface Variation {
  readonly sprite: Sprite;
  /** Radians, clockwise. */
  readonly angle: number;
  /** 1, or -1 if left and right are exchanged. */
  readonly flip: 1 | -1;
  /** How far the top leans, as a share of the height; and how much broader than drawn. */
  readonly shear: number;
  readonly stretch: number;
  readonly colours: ColourMap;
  /** How much of what was drawn is left. */
  readonly detail: Detail;
  /** Light from one side: the change of brightness from the centre to the right and to the lower edge. */
  readonly shade: readonly [number, number];
  /** The colour of that light: how much of its change each channel takes. */
  readonly tint: Colour;
  /**
   * How its outline bends, in shares of its longer side: across by a wave that runs down, and the other way; and how
   * some of its parts grow, others shrink, by waves that run along what they change: its breadth, its height.
   */
  readonly warp: { readonly across: Wave; readonly down: Wave; readonly broad: Wave; readonly tall: Wave };
  /**
   * As if it were embossed: how much brighter the edges towards the light are, or darker if negative. Where the light
   * comes from is an angle in the drawing as it was made, in radians, clockwise from its right.
   */
  readonly relief: { readonly strength: number; readonly angle: number; readonly of: Relief };
  /** By how many halvings the drawing's resolution may fall short of the scene's. */
  readonly blur: number;
}

export interface Wave {
  readonly amplitude: number;
  /** Radians a longer side. */
  readonly frequency: number;
  readonly phase: number;
}

export interface VariationOptions {
  /** From 0, where drawings are mirrored and silhouettes painted at most, to 1, the default. */
  readonly difficulty: number;
  /**
   * Whether half of the drawings are bent, embossed, recoloured more strongly and some of them blurred, so that a model
   * that learns from them depends less on how they are drawn. Not by default.
   */
  readonly restyle: boolean;
  /**
   * Whether drawings, restyled or not, also lose lines or detail, change their proportions, take the colour of another
   * drawing of their class, and are lit as bodies or in colour: each of these happens to some. Not by default.
   */
  readonly redraw: boolean;
}

/**
 * Draws a variation at random.
 * @param group all drawings of a class
 */
export function vary(
  group: readonly Sprite[],
  random: Random,
  { difficulty, restyle, redraw }: VariationOptions,
): Variation {
  const spread = spreading(random, difficulty);
  const styled = restyle && random.chance(0.5) ? difficulty : 0;
  const wave = (): Wave => ({
    amplitude: styled * random.uniform(0, 0.05),
    frequency: random.uniform(2, 10),
    phase: random.uniform(0, 2 * Math.PI),
  });
  const sprite = oneOf(group, random);
  const variation: Variation = {
    sprite,
    angle: spread(random.chance(0.9) ? 0.3 : 0.7),
    flip: random.chance(0.5) ? 1 : -1,
    shear: spread(0.12),
    stretch: Math.exp(spread(0.12)),
    colours: sprite.silhouette ? painted(group, random) : jittered(random, spread, styled),
    detail: 'all',
    shade: [spread(0.35), spread(0.35)],
    tint: [1, 1, 1],
    warp: { across: wave(), down: wave(), broad: still, tall: still },
    relief: {
      strength: styled * random.uniform(-0.2, 0.8),
      angle: random.uniform(0, 2 * Math.PI),
      of: 'edges',
    },
    blur: random.chance(0.3 * styled) ? random.uniform(0, 1.2) : 0,
  };
  return redraw ? redrawn(variation, group, random, difficulty) : variation;
}

/** Numbers about 0, within a reach that grows with the difficulty. */
function spreading(random: Random, difficulty: number): (reach: number) => number {
  return (reach) => difficulty * random.uniform(-reach, reach);
}

const still: Wave = { amplitude: 0, frequency: 1, phase: 0 };

/** As a hand with other habits would have drawn it. */
function redrawn(
  variation: Variation,
  group: readonly Sprite[],
  random: Random,
  difficulty: number,
): Variation {
  const { sprite, stretch, shear, colours, warp, relief } = variation;
  const often = (): boolean => random.chance(0.5 * difficulty);
  const spread = spreading(random, difficulty);
  const proportions = often();
  // The amplitude times the frequency stays below 1, or parts would be drawn twice.
  const wave = (): Wave => ({
    amplitude: proportions ? difficulty * random.uniform(0, 0.07) : 0,
    frequency: random.uniform(3, 9),
    phase: random.uniform(0, 2 * Math.PI),
  });
  const recoloured = often() && !sprite.silhouette;
  const lit = often();
  return {
    ...variation,
    stretch: stretch * Math.exp(proportions ? spread(0.25) : 0),
    shear: shear + (proportions ? spread(0.15) : 0),
    colours: recoloured ? moved(colours, towardsAnother(sprite, group, random)) : colours,
    detail: often() ? random.pick(details) : 'all',
    tint: often() ? [1 + spread(1), 1 + spread(1), 1 + spread(1)] : [1, 1, 1],
    warp: { ...warp, broad: wave(), tall: wave() },
    relief: lit
      ? { ...relief, strength: difficulty * random.uniform(-0.3, 1), of: random.pick(reliefs) }
      : relief,
  };
}

/** From the mean colour of a drawing some of the way to that of another one of its class. */
function towardsAnother(sprite: Sprite, group: readonly Sprite[], random: Random): Colour {
  const other = random.pick(group.filter(({ silhouette }) => !silhouette)).colour;
  const share = random.uniform(0.2, 1);
  const step = (channel: 0 | 1 | 2): number => share * (other[channel] - sprite.colour[channel]);
  return [step(0), step(1), step(2)];
}

/** Any; if it is a silhouette, which shows less, the choice is made once more in three of four cases. */
function oneOf(group: readonly Sprite[], random: Random): Sprite {
  const sprite = random.pick(group);
  return sprite.silhouette && random.chance(0.75) ? random.pick(group) : sprite;
}

/** Vendors agree on the colours of things: a cat may be more or less orange, but hardly ever blue. */
function jittered(random: Random, spread: (reach: number) => number, styled: number): ColourMap {
  return colourMap({
    hue: spread(random.chance(0.25 * styled) ? 0.6 : 0.25),
    saturation: random.chance(0.1 * styled) ? 0 : Math.exp(spread(0.4)),
    contrast: Math.exp(spread(0.3 + 0.2 * styled)),
    brightness: spread(0.12 + 0.06 * styled),
  });
}

/** Mostly the colour of another drawing of the class, else any. */
function painted(group: readonly Sprite[], random: Random): ColourMap {
  const coloured = group.filter(({ silhouette }) => !silhouette);
  const known = coloured.length > 0 && random.chance(0.75);
  return paint(known ? nearbyColour(random.pick(coloured).colour, 0.2, random) : randomColour(random));
}
