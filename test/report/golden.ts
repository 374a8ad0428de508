import { expect } from '@jest/globals';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rasterise, type Drawing, type Picture } from '../../src/index.js';
import { readPicture } from '../../src/node/index.js';
import sharp from 'sharp';
import { packageFolder } from '../cli/command.js';

/** Of 255 levels, how far two pictures are apart on average, and the share of channels that are far apart. */
interface Distance {
  readonly mean: number;
  readonly far: number;
}

/** Nothing differs but how processors round. */
const most: Distance = { mean: 0.05, far: 0.0002 };
const FAR = 40;

export function distance(a: Picture, b: Picture): Distance {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  let [sum, far] = [0, 0];
  for (let i = 0; i < a.data.length; i++) {
    const apart = Math.abs(a.data[i] - b.data[i]);
    sum += apart;
    if (apart > FAR) far++;
  }
  return { mean: sum / a.data.length, far: far / a.data.length };
}

export function isClose({ mean, far }: Distance): boolean {
  return mean <= most.mean && far <= most.far;
}

/** A golden picture, which is written where there is none; `rm test/fixtures/report/*.webp` before the tests draws all anew. */
export async function goldenPicture(name: string, drawing: Drawing): Promise<Picture> {
  const path = join(packageFolder, 'test', 'fixtures', 'report', `${name}.webp`);
  if (!existsSync(path)) {
    const { data, width, height } = rasterise(drawing);
    const raw = { width, height, channels: 3 } as const;
    writeFileSync(path, await sharp(data, { raw }).webp({ lossless: true, effort: 6 }).toBuffer());
  }
  return readPicture(path);
}

/** Expects the drawing to be the golden one, and the golden one to tell it from all of these. */
export async function expectGolden(
  name: string,
  drawing: Drawing,
  others: readonly Drawing[],
): Promise<void> {
  const golden = await goldenPicture(name, drawing);
  const found = distance(rasterise(drawing), golden);
  expect({ name, ...found, close: isClose(found) }).toMatchObject({ close: true });
  for (const [i, other] of others.entries()) {
    const apart = distance(rasterise(other), golden);
    expect({ name, other: i, ...apart, close: isClose(apart) }).toMatchObject({ close: false });
  }
}
