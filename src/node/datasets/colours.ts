import { VitrineError } from '../../errors.js';
import { readPicture } from '../pictures/read.js';
import type { DataObject, DataPicture } from './data-set.js';
import { ofColour, packed } from './readings.js';

/** Colours that are no object: black, and the cream in which VOC draws what nobody decided. */
const nothing: ReadonlySet<number> = new Set([0, packed(224, 224, 192)]);

/** The colours in a mask that may be objects, in their order. */
export async function coloursIn(path: string): Promise<readonly number[]> {
  const { data } = await readPicture(path);
  const found = new Set<number>();
  let last = -1;
  for (let i = 0; i < data.length; i += 3) {
    const colour = packed(data[i], data[i + 1], data[i + 2]);
    if (colour !== last && !nothing.has(colour)) found.add(colour);
    last = colour;
  }
  return [...found].sort((a, b) => a - b);
}

/** The objects of a mask in which each class has a colour. @param names of the classes, by their colours */
export async function colouredObjects(
  path: string,
  names: ReadonlyMap<number, string | number>,
): Promise<Pick<DataPicture, 'objects' | 'trouble'>> {
  try {
    const colours = await coloursIn(path);
    const unknown = colours.find((colour) => !names.has(colour));
    if (unknown !== undefined) {
      return { objects: [], trouble: `its mask has the colour ${hexadecimal(unknown)}, which is no class's` };
    }
    if (colours.length === 0) return { objects: [], trouble: 'its mask is empty' };
    const objects = colours.map((colour): DataObject => ({
      class: names.get(colour),
      mask: { path, reading: ofColour(colour) },
    }));
    return { objects };
  } catch (error) {
    if (!(error instanceof VitrineError)) throw error;
    return { objects: [], trouble: error.message.replace(/\.$/, '') };
  }
}

export function hexadecimal(colour: number): string {
  return `#${colour.toString(16).padStart(6, '0')}`;
}
