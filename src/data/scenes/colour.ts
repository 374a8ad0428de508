import type { Random } from '../../random.js';

/** Red, green and blue in 0..1. */
export type Colour = readonly [number, number, number];

/** `M c + b` for the three channels: twelve numbers, row by row, the last of each row being `b`. */
export type ColourMap = readonly number[];

/** Any colour, with the soft, the pale and the dark ones as frequent as the loud. */
export function randomColour(random: Random): Colour {
  const hue = random.next();
  const saturation = random.next() ** 1.5;
  const lightness = random.uniform(0.08, 0.97);
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (shift: number): number => {
    const position = (12 * hue + shift) % 12;
    return lightness - reach * Math.max(-1, Math.min(position - 3, 9 - position, 1));
  };
  return [channel(0), channel(8), channel(4)];
}

/** A colour near another one. */
export function nearbyColour([red, green, blue]: Colour, distance: number, random: Random): Colour {
  const near = (value: number): number =>
    Math.min(1, Math.max(0, value + random.uniform(-distance, distance)));
  return [near(red), near(green), near(blue)];
}

/** Makes every colour the same one. */
export function paint([red, green, blue]: Colour): ColourMap {
  return [0, 0, 0, red, 0, 0, 0, green, 0, 0, 0, blue];
}

/** The map, of colours to which something was added before. */
export function moved(map: ColourMap, [red, green, blue]: Colour): ColourMap {
  return map.map((value, i) =>
    i % 4 === 3 ? value + map[i - 3] * red + map[i - 2] * green + map[i - 1] * blue : value,
  );
}

/**
 * Turns the hue, stretches saturation and contrast, shifts the brightness.
 * Source of the rotation about the grey axis: Rodrigues' formula.
 */
export function colourMap(jitter: {
  /** Radians. */
  readonly hue: number;
  /** 0 is grey, 1 leaves it. */
  readonly saturation: number;
  readonly contrast: number;
  readonly brightness: number;
}): ColourMap {
  const { hue, saturation, contrast, brightness } = jitter;
  const [cosine, sine] = [Math.cos(hue), Math.sin(hue) / Math.sqrt(3)];
  const map: number[] = [];
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      const turned =
        (1 - cosine) / 3 + (row === column ? cosine : (column - row + 3) % 3 === 1 ? -sine : sine);
      map.push(contrast * (saturation * turned + (1 - saturation) / 3));
    }
    map.push(0.5 * (1 - contrast) + brightness);
  }
  return map;
}
