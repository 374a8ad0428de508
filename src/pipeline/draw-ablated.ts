import {
  colormap,
  contactSheet,
  overlay,
  rangeOf,
  resize,
  tileSize,
  type ColormapName,
  type Picture,
  type Range,
} from '../image/index.js';
import { differenceOf } from './ablated.js';
import { fittingColormap } from './draw.js';
import type { ComputedMap } from './explainer.js';

/**
 * A map before and after something was taken out, on one scale, and what that changed: red where there is more, blue where there
 * is less. Of a view, so for each of its maps.
 * @param words what was taken out
 */
export function drawAblated(
  picture: Picture,
  before: ComputedMap,
  after: ComputedMap,
  words: string,
  given?: ColormapName,
): Picture {
  const { grid, geometry, captions = [before.method.name] } = before;
  const name = given ?? fittingColormap(before);
  const patches = grid[0] * grid[1];
  const original = tileSize(picture, 3 * captions.length);
  const small = resize(picture, original.width, original.height);
  const draw = (values: ArrayLike<number>, own: ColormapName, range?: Range): Picture =>
    overlay(small, { grid, values }, { ...geometry, original }, { colormap: own, ...(range && { range }) });
  const tiles = captions.flatMap((caption, i) => {
    const [from, to] = [before, after].map(({ values }) => {
      return Array.from(values).slice(i * patches, (i + 1) * patches);
    });
    const range = rangeOf([...from, ...to], colormap(name).diverging);
    return [
      { caption, picture: draw(from, name, range) },
      { caption: words, picture: draw(to, name, range) },
      { caption: 'the difference', picture: draw(differenceOf(from, to), 'rdbu_r') },
    ];
  });
  return contactSheet(tiles);
}
