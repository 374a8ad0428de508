import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as is from 'valibot';
import {
  drawsSilhouettes,
  iconsOf,
  makeSprite,
  sceneClasses,
  spriteCollection,
  spriteFiles,
  type IconCollection,
  type Sprite,
  type SpriteVendor,
} from '../../data/scenes/index.js';
import { ImageError, UsageError } from '../../errors.js';
import { parseJson } from '../../json.js';
import { failureInWords } from '../files/failure-in-words.js';

/** An encoded picture of a class. */
interface Drawing {
  readonly classIndex: number;
  /** For messages. */
  readonly file: string;
  readonly read: () => Promise<Uint8Array>;
  /** Made of lines, not of pixels. */
  readonly isVector: boolean;
}

/**
 * Reads the drawings of all classes.
 * @param packages the `node_modules` folder in which the vendors' packages are installed
 * @param side pixels of the longer side; smaller drawings stay as they are, drawings made of lines have this size
 * @returns the sprites of each class
 * @throws UsageError if the packages are not there, or a class has no drawing
 * @throws ImageError if a drawing cannot be decoded
 */
export async function readSprites(
  packages: string,
  vendors: readonly SpriteVendor[],
  side: number,
): Promise<Sprite[][]> {
  const sprites: Sprite[][] = sceneClasses.map(() => []);
  for (const vendor of vendors) {
    const drawings = await drawingsOf(packages, vendor);
    if (drawings.length === 0) {
      throw new UsageError(
        `The drawings of "${vendor}" are not installed under ${packages}; ` +
          'run "npm ci" in the folder that holds node_modules.',
      );
    }
    for (const drawing of drawings) {
      const picture = await decode(drawing, side);
      const sprite = makeSprite(drawing.classIndex, vendor, picture, drawsSilhouettes(vendor));
      if (sprite && !fillsItsFrame(sprite)) sprites[drawing.classIndex].push(sprite);
    }
  }
  const missing = sprites.findIndex(({ length }) => length === 0);
  if (missing >= 0) {
    const named = vendors.map((vendor) => `"${vendor}"`).join(', ');
    throw new UsageError(
      `No drawing by ${named} under ${packages} shows the class "${sceneClasses[missing].name}"; name other vendors, ` +
        'or install their packages again.',
    );
  }
  return sprites;
}

/** A drawing with a background of its own: its outline says nothing about the object. */
function fillsItsFrame({ levels: [{ pixels }] }: Sprite): boolean {
  let opaque = 0;
  for (let i = 3; i < pixels.length; i += 4) opaque += pixels[i];
  return opaque > 0.9 * (pixels.length / 4);
}

async function drawingsOf(packages: string, vendor: SpriteVendor): Promise<Drawing[]> {
  const collection = spriteCollection(vendor);
  if (collection !== undefined) return drawingsIn(join(packages, collection), vendor);
  return sceneClasses.flatMap(({ codePoints }, classIndex) =>
    codePoints.flatMap((code): Drawing[] => {
      const file = spriteFiles(vendor as Parameters<typeof spriteFiles>[0], code)
        .map((name) => join(packages, name))
        .find((path) => existsSync(path));
      if (file === undefined) return [];
      return [{ classIndex, file, read: () => readFile(file), isVector: file.endsWith('.svg') }];
    }),
  );
}

async function drawingsIn(file: string, vendor: SpriteVendor): Promise<Drawing[]> {
  if (!existsSync(file)) return [];
  const icons = await readIcons(file);
  return sceneClasses.flatMap((shown, classIndex) =>
    iconsOf(icons, vendor, shown).map((svg): Drawing => {
      return { classIndex, file, read: () => Promise.resolve(Buffer.from(svg)), isVector: true };
    }),
  );
}

const sizes = { width: is.exactOptional(is.number()), height: is.exactOptional(is.number()) };

/** What is used of it. */
const iconCollection = is.object({
  ...sizes,
  icons: is.record(is.string(), is.object({ ...sizes, body: is.string() })),
});

async function readIcons(file: string): Promise<IconCollection> {
  const fail = (why: string, cause?: unknown): never => {
    throw new ImageError(`${file} cannot be read: ${why}; install its package again.`, { cause });
  };
  const text = await readFile(file, 'utf8').catch((error: unknown) => fail(failureInWords(error), error));
  const json = parseJson(text);
  if ('complaint' in json) return fail(`it is no JSON, ${json.complaint}`);
  const { success, output } = is.safeParse(iconCollection, json.value);
  return success ? output : fail('it is no collection of icons');
}

async function decode(
  { file, read, isVector }: Drawing,
  side: number,
): Promise<{ width: number; height: number; rgba: Uint8Array }> {
  const { default: sharp } = await import('sharp');
  try {
    const input = await read();
    // Lines are drawn larger than wanted, because sizes in SVG differ and the margins will be cut off.
    const { width = 1, height = 1 } = isVector ? await sharp(input).metadata() : {};
    const density = isVector ? Math.min(2400, (72 * 1.5 * side) / Math.max(width, height)) : 72;
    const { data, info } = await sharp(input, { density })
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .ensureAlpha()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, rgba: data };
  } catch (error) {
    throw new ImageError(`${file} cannot be decoded: install its package again.`, { cause: error });
  }
}
