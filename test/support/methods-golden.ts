import { join } from 'node:path';
import type { BackendName } from './backends.js';
import { readMetadata } from './safetensors.js';

/** The pictures of the golden maps, and the classes that are explained. */
export const goldenClasses: Readonly<Record<string, readonly number[]>> = {
  dogbird: [87, 161],
  both: [243, 282],
  plane: [404],
  plane2: [404, 895],
  chelsea: [281, 282],
  rocket: [657, 744],
};

/** Whether every backend is to be held against the golden maps of every picture, of which the slow ones otherwise take a part. */
export const isFull = process.env['VITRINE_FULL'] === '1';

/**
 * The golden explanations that a backend is held against: native, which is quick, against all; the others, which compute the same
 * graph, against those of one picture, reference and webgpu against the first of them.
 */
export function goldenRuns(backend: BackendName): readonly (readonly [picture: string, index: number])[] {
  const all = Object.entries(goldenClasses).flatMap(([picture, classes]) =>
    classes.map((index) => [picture, index] as const),
  );
  if (isFull || backend === 'native') return all;
  const ofOne = all.filter(([picture]) => picture === 'dogbird');
  return backend === 'wasm' ? ofOne : ofOne.slice(0, 1);
}

export function goldenMapsOf(folder: string, picture: string): string {
  return join(folder, 'golden', `methods.${picture}.safetensors`);
}

/**
 * How far a map may be from PyTorch in float64, as a share of its largest magnitude: twice PyTorch's own distance in float32,
 * and 2e-5 at least. That distance is the largest of the map's over pictures and classes: which of them rounding hits is another
 * one in each program.
 * @returns a function of the map's name without the class
 */
export function goldenTolerance(folder: string): (name: string) => number {
  const largest = new Map<string, number>();
  for (const picture of Object.keys(goldenClasses)) {
    const found = readMetadata(goldenMapsOf(folder, picture))['float32_rel_max'];
    for (const [key, distance] of Object.entries(JSON.parse(found) as Record<string, number>)) {
      const name = key.replace(/\.\d+$/, '');
      largest.set(name, Math.max(distance, largest.get(name) ?? 0));
    }
  }
  return (name) => Math.max(2e-5, 2 * (largest.get(name) ?? 0));
}
