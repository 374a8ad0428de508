import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  makeSprite,
  sceneClasses,
  spriteFiles,
  type Sprite,
  type SpriteVendor,
} from '../data/scenes/index.js';
import { ImageError, UsageError } from '../errors.js';

/**
 * Reads the drawings of all classes.
 * @param packages the `node_modules` folder in which the vendors' packages are installed
 * @param side pixels of the longer side; smaller drawings stay as they are, drawings made of lines have this size
 * @returns the sprites of each class
 * @throws UsageError if the packages are not there
 * @throws ImageError if a drawing cannot be decoded, or a class has none
 */
export async function readSprites(
  packages: string,
  vendors: readonly SpriteVendor[],
  side: number,
): Promise<Sprite[][]> {
  const sprites: Sprite[][] = sceneClasses.map(() => []);
  for (const vendor of vendors) {
    const folder = join(packages, dirname(spriteFiles(vendor, '')[0]));
    if (!existsSync(folder)) {
      throw new UsageError(
        `The drawings of "${vendor}" are not installed: there is no folder ${folder}; ` +
          'run "npm ci" in the folder that holds node_modules.',
      );
    }
    for (const [classIndex, { name, codePoints }] of sceneClasses.entries()) {
      const known = sprites[classIndex].length;
      for (const code of codePoints) {
        const path = spriteFiles(vendor, code)
          .map((file) => join(packages, file))
          .find((file) => existsSync(file));
        const sprite = path && makeSprite(classIndex, vendor, await decode(path, side));
        if (sprite) sprites[classIndex].push(sprite);
      }
      if (sprites[classIndex].length === known) {
        throw new ImageError(
          `"${vendor}" has no drawing of a ${name} under ${packages}: install its package again.`,
        );
      }
    }
  }
  return sprites;
}

async function decode(
  path: string,
  side: number,
): Promise<{ width: number; height: number; rgba: Uint8Array }> {
  const { default: sharp } = await import('sharp');
  try {
    const bytes = await readFile(path);
    // Lines are drawn at the size that is wanted, with a margin for what will be cut off.
    const density = path.endsWith('.svg') ? Math.min(2400, (72 * 1.3 * side) / 72) : 72;
    const { data, info } = await sharp(bytes, { density })
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .ensureAlpha()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, rgba: data };
  } catch (error) {
    throw new ImageError(`${path} cannot be decoded: install its package again.`, { cause: error });
  }
}
