import { UsageError } from '../errors.js';
import { anObject, aText, expectParts, type Expectation } from '../given.js';
import { checkPicture } from '../image/given.js';
import { seenArea, type ColormapName, type Geometry, type Picture } from '../image/index.js';
import type { ComputedMap, Explanation, ExplanationDocument } from '../pipeline/index.js';
import { classBars } from './class-bars.js';
import { density, inRow, ofPictureLater, ofShapes, stacked, withMargin, type Drawing } from './drawing.js';
import { changesOf } from './draw-ablated.js';
import { factLines } from './facts.js';
import { fittingColormap } from './fitting-colormap.js';
import { measureLines } from './measure-lines.js';
import { mapTile, withColourBar } from './map-tile.js';
import { seenPicture, type SeenPicture } from './seen.js';
import { cellsOf, inRowsOf } from './sheet.js';
import { lines, paragraph } from './words.js';

/** All that is known of one picture. */
export interface PanelContent {
  /** What the picture is called. */
  readonly title: string;
  readonly picture: Picture;
  /** What is told of it; its explanations are those of the maps, in their order. */
  readonly document: ExplanationDocument;
  readonly maps: readonly ComputedMap[];
  /** What suits each map if left out. */
  readonly colormap?: ColormapName | undefined;
  /** The same without some parts of the model or of the picture, if any were taken out, and which, in words. */
  readonly ablated?:
    { readonly maps: readonly Pick<ComputedMap, 'values'>[]; readonly words: string } | undefined;
}

const [tile, gap, margin] = [200, 18, 20];
/** So many maps stand side by side at most. */
const most = 3;

const someMaps: Expectation<readonly ComputedMap[]> = {
  words: 'a list of at least one map',
  fits: (value): value is readonly ComputedMap[] => Array.isArray(value) && value.length > 0,
};

/**
 * One picture that answers what a vision transformer looked at, and why: the picture as the model saw it, its most probable
 * classes, every map with what its colours stand for, and by what all this was made.
 */
export function drawPanel(content: PanelContent): Drawing {
  expectParts('drawPanel: the content', content, { title: aText, document: anObject, maps: someMaps });
  const { title, document, maps } = content;
  checkPicture('drawPanel', content.picture);
  if (document.explanations.length !== maps.length) {
    throw new UsageError(
      `drawPanel: the document tells of ${document.explanations.length} maps, and there are ${maps.length}; give those that it tells of.`,
    );
  }
  // One for each way in which pictures are made ready: maps of one way have one geometry.
  const seen = new Map<Geometry, SeenPicture>();
  for (const { geometry } of maps) {
    if (!seen.has(geometry)) seen.set(geometry, seenPicture(content.picture, geometry, tile * density));
  }
  const seenBy = (map: ComputedMap): SeenPicture => seen.get(map.geometry)!;
  const tiles = maps.flatMap((map, i) =>
    mapTiles(map, document.explanations[i], seenBy(map), content, content.ablated?.maps[i]),
  );
  const [first, ...drawn] = headed([whatTheModelSaw(maps[0].geometry, seenBy(maps[0])), ...tiles]);
  const rows = inRowsOf(drawn, most).map((row) => inRow(row, gap));
  const facts = factLines(document, Math.max(rows[0].width, 2 * tile + gap));
  const body = inRow([stacked([first, topClasses(document)], 12), stacked([...rows, facts], gap)], gap);
  return withMargin(stacked([paragraph(title, 'title', body.width, 2), body], 8), margin);
}

function whatTheModelSaw(geometry: Geometry, { size, picture }: SeenPicture): Tile {
  const { left, top, right, bottom } = seenArea(geometry);
  const { original, crop } = geometry;
  const isWhole = left <= 0 && top <= 0 && right >= original.width && bottom >= original.height;
  return {
    heading: 'as the model saw it',
    below: `${crop.width} x ${crop.height}, ${isWhole ? 'all' : 'the middle'} of the picture`,
    drawing: ofPictureLater(size, picture),
  };
}

/** Those of the document, most probable first, the ones that are explained in another colour. */
function topClasses({ predictions, explanations }: ExplanationDocument): Drawing {
  if (predictions.length === 0) return ofShapes({ width: tile, height: 0 }, []);
  const explained = explanations.flatMap((each) => (each.class === null ? [] : [each.class]));
  return stacked([lines(['top classes'], 'heading', tile), classBars(predictions, explained, tile)], 2);
}

/** The tiles of a map, or of each that a view has: also without what was taken out, and what that changed, if anything was. */
function mapTiles(
  map: ComputedMap,
  about: Explanation,
  seen: SeenPicture,
  { colormap, ablated }: PanelContent,
  after: Pick<ComputedMap, 'values'> | undefined,
): Tile[] {
  const name = colormap ?? fittingColormap(map);
  const heading = headingOf(about);
  // The heading names the class.
  const explains = map.method.explains.replace(/^a class[:,] /, '');
  const others = after && cellsOf({ ...map, values: after.values });
  return cellsOf(map).flatMap((cell, i) => {
    const below = map.captions === undefined ? explains : cell.caption;
    if (!others || !ablated)
      return { heading, below, drawing: believed(withColourBar(mapTile(seen, cell.map, name), name), about) };
    const [drawing, ...changes] = changesOf(seen, cell.map, others[i].map, ablated.words, name);
    return [
      { heading, below, drawing: believed(drawing, about) },
      ...changes.map((change) => ({ heading, below: change.caption, drawing: change.drawing })),
    ];
  });
}

/** With what was measured of it, if it was. */
function believed(drawing: Drawing, { measures }: Explanation): Drawing {
  return measures === undefined ? drawing : stacked([drawing, measureLines(measures, tile)], 6);
}

/** Something to look at, and what it is. */
interface Tile {
  readonly heading: string;
  readonly below: string;
  readonly drawing: Drawing;
}

/** Tiles below what they are, which takes as much room in each, so that they are level. */
function headed(tiles: readonly Tile[]): readonly Drawing[] {
  const words = tiles.map(({ below }) => paragraph(below, 'note', tile, 2));
  const height = Math.max(...words.map((each) => each.height));
  return tiles.map(({ heading, drawing }, i) => {
    const head = stacked([paragraph(heading, 'heading', tile, 1), { ...words[i], height }], 0);
    return stacked([head, drawing], 5);
  });
}

/** `recommended: tabby`, `handoff: dog (3 − 4)`, `rollout`. */
export function headingOf({
  method,
  class: index,
  label,
  options: { against },
  target,
}: Explanation): string {
  if (index === null) return target === undefined ? method : `${method}: ${target}`;
  return `${method}: ${label ?? index}${against === undefined ? '' : ` (${index} \u2212 ${against})`}`;
}
