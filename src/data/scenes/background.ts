import type { Random } from '../../random.js';
import { nearbyColour, randomColour, type Colour } from './colour.js';

/** The colour at a point of the scene; both coordinates in 0..1. Writes three numbers in 0..1 to `colour`. */
export type Background = (x: number, y: number, colour: Float64Array) => void;

/** Backgrounds are functions of position and not pictures, so that a scene can be drawn at any size. */
export function randomBackground(random: Random): Background {
  return random.pick(kinds)(random);
}

const kinds: readonly ((random: Random) => Background)[] = [
  gradient,
  glow,
  clouds,
  clouds,
  stripes,
  checks,
  dots,
  horizon,
  horizon,
];

/** From one colour to another across the scene. */
function gradient(random: Random): Background {
  const [start, end] = twoColours(random);
  const angle = random.uniform(0, 2 * Math.PI);
  const [across, down] = [Math.cos(angle), Math.sin(angle)];
  return (x, y, colour) => {
    blend(start, end, 0.5 + 0.7 * ((x - 0.5) * across + (y - 0.5) * down), colour);
  };
}

/** A bright or dark spot. */
function glow(random: Random): Background {
  const [start, end] = twoColours(random);
  const [centreX, centreY, radius] = [random.next(), random.next(), random.uniform(0.4, 1.1)];
  return (x, y, colour) => {
    blend(start, end, Math.sqrt((x - centreX) ** 2 + (y - centreY) ** 2) / radius, colour);
  };
}

/** Noise of several sizes: clouds, grass, walls. */
function clouds(random: Random): Background {
  const [start, end] = twoColours(random);
  const [frequencyX, frequencyY] = [random.uniform(1.5, 9), random.uniform(1.5, 9)];
  const sharpness = random.uniform(1, 4);
  const at = noise(random);
  return (x, y, colour) => {
    blend(start, end, 0.5 + sharpness * (at(x * frequencyX, y * frequencyY) - 0.5), colour);
  };
}

function stripes(random: Random): Background {
  const [start, end] = twoColours(random);
  const angle = random.uniform(0, Math.PI);
  const frequency = random.uniform(2, 14);
  const [across, down] = [frequency * Math.cos(angle), frequency * Math.sin(angle)];
  const sharpness = random.uniform(0.6, 4);
  const [at, wave] = [noise(random), random.uniform(0, 0.5)];
  return (x, y, colour) => {
    const phase = 2 * Math.PI * (x * across + y * down + wave * at(3 * x, 3 * y));
    blend(start, end, 0.5 + sharpness * 0.5 * Math.sin(phase), colour);
  };
}

function checks(random: Random): Background {
  const [start, end] = twoColours(random);
  const angle = random.uniform(0, Math.PI / 2);
  const frequency = random.uniform(2, 9);
  const [cosine, sine] = [frequency * Math.cos(angle), frequency * Math.sin(angle)];
  const [at, roughness] = [noise(random), random.uniform(0, 0.5)];
  return (x, y, colour) => {
    const odd = (Math.floor(x * cosine + y * sine) + Math.floor(y * cosine - x * sine)) & 1;
    blend(start, end, odd + roughness * (at(9 * x, 9 * y) - 0.5), colour);
  };
}

function dots(random: Random): Background {
  const [start, end] = twoColours(random);
  const [frequency, radius] = [random.uniform(3, 10), random.uniform(0.15, 0.45)];
  const [shiftX, shiftY] = [random.next(), random.next()];
  return (x, y, colour) => {
    const [u, v] = [x * frequency + shiftX, y * frequency + shiftY];
    const distance = Math.sqrt((u - Math.floor(u) - 0.5) ** 2 + (v - Math.floor(v) - 0.5) ** 2);
    blend(start, end, 0.5 + 8 * (radius - distance), colour);
  };
}

/** Sky over ground. */
function horizon(random: Random): Background {
  const [high, low] = twoColours(random);
  const [ground, pebbles] = twoColours(random);
  const [height, slope] = [random.uniform(0.25, 0.8), random.uniform(-0.3, 0.3)];
  const [at, hills, grain] = [noise(random), random.uniform(0, 0.2), random.uniform(2, 12)];
  return (x, y, colour) => {
    const edge = height + slope * (x - 0.5) + hills * (at(4 * x, 0) - 0.5);
    if (y < edge) blend(high, low, y / edge, colour);
    else blend(ground, pebbles, 0.5 + 2 * (at(grain * x, 2 * grain * y) - 0.5), colour);
  };
}

/** Often two colours that go together, else any two. */
function twoColours(random: Random): [Colour, Colour] {
  const first = randomColour(random);
  return [first, random.chance(0.6) ? nearbyColour(first, 0.35, random) : randomColour(random)];
}

/** @param share of the second colour; what lies outside 0..1 is cut off */
function blend(start: Colour, end: Colour, share: number, colour: Float64Array): void {
  const weight = share < 0 ? 0 : share > 1 ? 1 : share;
  for (let channel = 0; channel < 3; channel++) {
    colour[channel] = start[channel] + (end[channel] - start[channel]) * weight;
  }
}

/**
 * Value noise of three octaves, in 0..1 with mean 0.5: random values on a lattice, smoothly joined.
 * Source: Perlin, "An Image Synthesizer", 1985, in its simplest form.
 */
function noise(random: Random): (x: number, y: number) => number {
  const values = Float64Array.from({ length: 256 }, () => random.next());
  const order = Uint8Array.from({ length: 256 }, () => random.integer(256));
  const lattice = (x: number, y: number): number => values[(order[x & 255] + y) & 255];
  const smooth = (t: number): number => t * t * (3 - 2 * t);
  const octave = (x: number, y: number): number => {
    const column = Math.floor(x);
    const row = Math.floor(y);
    const u = smooth(x - column);
    const start = lattice(column, row);
    const end = lattice(column, row + 1);
    const top = start + (lattice(column + 1, row) - start) * u;
    const bottom = end + (lattice(column + 1, row + 1) - end) * u;
    return top + (bottom - top) * smooth(y - row);
  };
  return (x, y) => (4 * octave(x, y) + 2 * octave(2 * x, 2 * y) + octave(4 * x, 4 * y)) / 7;
}
