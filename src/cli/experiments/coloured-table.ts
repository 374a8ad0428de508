import { colormap, rangeOf, type ColormapName } from '../../image/index.js';
import { scaleToUnit } from '../../image/upsample.js';
import type { Explanation } from '../../pipeline/index.js';

/** Whether what is printed may be coloured. @see https://no-color.org */
export function mayColour({ env, stdout }: Pick<NodeJS.Process, 'env' | 'stdout'> = process): boolean {
  return stdout.isTTY && !env['NO_COLOR'] && stdout.hasColors(2 ** 24);
}

/** A map as lines of numbers, rows and columns counted; on the ground of its colours if they may be shown. */
export function tableOf(
  { grid: [rows, columns], axes = ['row', 'column'], values }: Pick<Explanation, 'grid' | 'axes' | 'values'>,
  name: ColormapName,
  coloured: boolean,
): string[] {
  const { table, diverging } = colormap(name);
  const units = scaleToUnit(values, rangeOf(values, diverging), diverging);
  const texts = values.map((value) => value.toFixed(3));
  const wide = Math.max(...texts.map((text) => text.length), `${columns - 1}`.length) + 1;
  const left = Math.max(axes[0].length, `${rows - 1}`.length);
  const ground = (text: string, unit: number): string => {
    if (!coloured) return text;
    const [red, green, blue] = table.subarray(3 * Math.round(255 * unit));
    const ink = red * 0.3 + green * 0.59 + blue * 0.11 > 128 ? 30 : 97;
    return `\u001b[${ink};48;2;${red};${green};${blue}m${text}\u001b[0m`;
  };
  const head = `${axes[0].padStart(left)} ${Array.from({ length: columns }, (_, i) => `${i}`.padStart(wide)).join('')}  ${axes[1]}`;
  return [
    head,
    ...Array.from({ length: rows }, (_, row) => {
      const cells = Array.from({ length: columns }, (_, column) => {
        const at = row * columns + column;
        return ground(texts[at].padStart(wide), units[at]);
      });
      return `${`${row}`.padStart(left)} ${cells.join('')}`;
    }),
  ];
}
