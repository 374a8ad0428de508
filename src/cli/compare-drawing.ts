import { overlay, resize, type ColormapName, type Picture, type Range } from '../image/index.js';
import type { MapComparison } from '../pipeline/index.js';
import { contactSheet, heatTable, tileSize, type Drawing, type Tile } from '../report/index.js';

/** What the difference is. */
const words = 'B − A, each divided by its largest, from -1 to 1';
const range: Range = [-1, 1];

/** Both maps over the picture, and their difference; that alone without the picture, or of what are no maps of patches. */
export function drawComparison({ a, b, difference }: MapComparison, picture: Picture | undefined): Drawing {
  const { grid, maps = 1, captions = [''], axes = ['row', 'column'] } = a;
  if (!picture || !a.geometry || !b.geometry) {
    const rows = maps * grid[0];
    return heatTable({ values: difference, grid: [rows, grid[1]], axes, title: words }, 'rdbu_r');
  }
  const original = tileSize(picture, 3 * captions.length);
  const small = resize(picture, original.width, original.height);
  const [inA, inB] = [a.geometry, b.geometry].map((geometry) => ({ ...geometry, original }));
  const patches = grid[0] * grid[1];
  return contactSheet(
    captions.flatMap((caption, map): Tile[] => {
      const own = (values: readonly number[]): readonly number[] =>
        values.slice(map * patches, (map + 1) * patches);
      const tile = (
        said: string,
        values: readonly number[],
        geometry: typeof inA,
        colormap: ColormapName = fitting(values),
        of?: Range,
      ): Tile => ({
        caption: `${said} ${caption}`.trim(),
        picture: overlay(small, { grid, values: own(values) }, geometry, {
          colormap,
          ...(of && { range: of }),
        }),
      });
      return [
        tile(`A: ${a.method}`, a.values, inA),
        tile(`B: ${b.method}`, b.values, inB),
        tile(words, difference, inA, 'rdbu_r', range),
      ];
    }),
  );
}

/** A document does not say what its values mean: those with both signs are evidence for and against. */
function fitting(values: readonly number[]): ColormapName {
  return values.some((value) => value < 0) ? 'rdbu_r' : 'turbo';
}
