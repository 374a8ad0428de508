import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** Colours of the pictures of each class, from which those of its pictures differ a little. */
const colours = { cat: [200, 60, 40], dog: [40, 80, 200], owl: [60, 180, 70] } as const;

/** What a picture of a class shows: its number is its shade, so that it can be known again. */
export function shadeOf(name: keyof typeof colours, number: number): readonly number[] {
  return colours[name].map((level) => level + 2 * number);
}

/** Pictures of three classes in folders, some of which may be damaged. @param damaged below the folder, as `cat/3.png` */
export async function makeClassFolders(
  folder: string,
  count: number,
  damaged: readonly string[] = [],
): Promise<void> {
  for (const name of Object.keys(colours) as (keyof typeof colours)[]) {
    await mkdir(join(folder, name), { recursive: true });
    for (let number = 0; number < count; number++) {
      const [r, g, b] = shadeOf(name, number);
      const create = { width: 20, height: 16, channels: 3, background: { r, g, b } } as const;
      await sharp({ create })
        .png()
        .toFile(join(folder, name, `${number}.png`));
    }
  }
  for (const name of damaged) await writeFile(join(folder, name), 'no picture');
}
