import { colormap, type ColormapName, type Picture, type Range } from '../image/index.js';
import { density, ofPicture, ofShapes, stacked, type Drawing } from './drawing.js';
import { numberInWords } from './number-in-words.js';
import { inks, setText } from './typeface/typeset.js';

/** The height of the bar, and of the line of numbers below it. */
const [thickness, line, size] = [8, 14, 10];

/** What the two ends of a diverging colour map mean. */
export type Ends = readonly [below: string, above: string];

/** Which values the colours of a map stand for, from the lowest to the highest; of a diverging colour map, 0 is in the middle. */
export function colourBar(
  name: ColormapName,
  [low, high]: Range,
  width: number,
  [below, above]: Ends = ['against', 'for'],
): Drawing {
  const { table, diverging } = colormap(name);
  const numbers = { y: 11, size, fill: inks.faint };
  const ends = [
    setText(`${numberInWords(low)}${diverging ? ` ${below}` : ''}`.trim(), { ...numbers, x: 0 }),
    ...(diverging && high > 0 ? [setText('0', { ...numbers, x: width / 2, anchor: 'middle' })] : []),
    setText(`${diverging ? `${above} ` : ''}${numberInWords(high)}`.trim(), {
      ...numbers,
      x: width,
      anchor: 'end',
    }),
  ];
  return stacked([ofPicture(strip(table, width * density)), ofShapes({ width, height: line }, ends)], 2);
}

function strip(table: Uint8Array, width: number): Picture {
  const height = thickness * density;
  const data = new Uint8Array(3 * width * height);
  for (let x = 0; x < width; x++) {
    const level = Math.floor((256 * x) / width);
    data.set(table.subarray(3 * level, 3 * level + 3), 3 * x);
  }
  for (let y = 1; y < height; y++) data.copyWithin(3 * width * y, 0, 3 * width);
  return { width, height, data };
}
