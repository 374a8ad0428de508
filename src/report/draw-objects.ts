import { anObject, aText, expectParts } from '../given.js';
import { checkPicture } from '../image/given.js';
import { overlay, resize, type Picture, type Run, type Size, type Threshold } from '../image/index.js';
import type { ComputedMap, ExplanationDocument, FoundObject } from '../pipeline/index.js';
import { composed, density, ofPictureLater, ofShapes, stacked, withMargin, type Drawing } from './drawing.js';
import { factLines } from './facts.js';
import { headingOf } from './panel.js';
import { line, rectangle, type DrawnShape } from './shapes.js';
import { setText, shortened, widthOf } from './typeface/typeset.js';
import { lines, paragraph } from './words.js';

/** A picture with the objects that its maps show. */
export interface ObjectsContent {
  /** What the picture is called. */
  readonly title: string;
  readonly picture: Picture;
  /** What is told of it; its explanations are those of the maps, in their order. */
  readonly document: ExplanationDocument;
  /** Each with its objects. */
  readonly maps: readonly ComputedMap[];
}

/** Of the longer side of the picture, in its pixels: smaller ones are drawn larger, so that a box can be seen in them. */
const [shortest, longest] = [640, 1600];
const [margin, gap, narrowest] = [16, 8, 320];
/** How much of an object its colour covers, and how thick its edge is, in pixels. */
const [tint, edge] = [0.4, 2];
const text = 11;

/** Of the maps, one after the other. */
const colours = ['#d9480f', '#1864ab', '#2b8a3e', '#862e9c', '#5c940d', '#a61e4d'];

/** The objects of all maps on the picture, muted so that they stand out; what the model did not see is dark. */
export function drawObjects({ title, picture, document, maps }: ObjectsContent): Drawing {
  expectParts('drawObjects: the content', { title, document }, { title: aText, document: anObject });
  checkPicture('drawObjects', picture);
  const size = drawnSize(picture);
  const marked = maps.flatMap(({ objects }, i) =>
    (objects?.found ?? []).map((object) => ({ object, map: i })),
  );
  const width = Math.max(size.width / density, narrowest);
  const { original } = maps[0].geometry;
  const drawn = ofPictureLater(size, () => {
    const result = mutedPicture(picture, maps[0], size);
    // The most certain one is drawn last, above the others.
    for (const { object, map } of marked.toReversed()) colourIn(result, object.runs, original, colourOf(map));
    return result;
  });
  const labels = new Labels(drawn);
  const boxed = marked.map(({ object, map }) => {
    const { label, class: index, method } = document.explanations[map];
    const score = object.score.toFixed(2);
    const box = placedBox(object, original, drawn);
    const words = [`${label ?? (index === null ? method : index)} ${score}`, score];
    return { outline: outlineOf(box, colourOf(map)), label: labels.of(box, words, colourOf(map)) };
  });
  const shapes = [
    ...boxed.map(({ outline }) => outline).toReversed(),
    ...boxed.flatMap(({ label }) => label),
  ];
  const rows = maps.map((_, i) => told(document, i, width));
  return withMargin(
    stacked(
      [
        paragraph(title, 'title', width, 2),
        composed(drawn, [
          { drawing: drawn, left: 0, top: 0 },
          { drawing: ofShapes(drawn, shapes), left: 0, top: 0 },
        ]),
        stacked(rows, 4),
        factLines(document, width),
      ],
      gap,
    ),
    margin,
  );
}

function colourOf(map: number): string {
  return colours[map % colours.length];
}

function drawnSize({ width, height }: Size): Size {
  const long = Math.max(width, height);
  const scale = Math.min(longest, Math.max(shortest, long)) / long;
  const side = (length: number): number => Math.max(1, Math.round(length * scale));
  return { width: side(width), height: side(height) };
}

function mutedPicture(picture: Picture, map: ComputedMap, { width, height }: Size): Picture {
  const scaled = { ...resize(picture, width, height), reducedFrom: map.geometry.original };
  return overlay(scaled, map, map.geometry, { opacity: 0 });
}

/** Lays a colour on the pixels of an object, and an edge around them. */
function colourIn(picture: Picture, runs: readonly Run[], original: Size, colour: string): void {
  const { width, height, data } = picture;
  const inside = maskOf(runs, original, picture);
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const isOut = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && inside[y * width + x] === 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (inside[y * width + x] === 0) continue;
      const isEdge = isOut(x - edge, y) || isOut(x + edge, y) || isOut(x, y - edge) || isOut(x, y + edge);
      const share = isEdge ? 1 : tint;
      const at = 3 * (y * width + x);
      channels.forEach((channel, i) => {
        data[at + i] = Math.round(data[at + i] + (channel - data[at + i]) * share);
      });
    }
  }
}

/** Which pixels of a picture that was made larger or smaller are in it: those whose middle lies on a pixel that is. */
function maskOf(runs: readonly Run[], original: Size, { width, height }: Size): Uint8Array {
  const mask = new Uint8Array(width * height);
  const columns = new Map<number, Run[]>();
  for (const run of runs) columns.set(run.x, [...(columns.get(run.x) ?? []), run]);
  const placed = (y: number): number => Math.max(0, Math.ceil((y * height) / original.height - 0.5));
  for (let x = 0; x < width; x++) {
    const own = columns.get(Math.floor(((x + 0.5) * original.width) / width)) ?? [];
    for (const { top, bottom } of own) {
      for (let y = placed(top); y < Math.min(height, placed(bottom)); y++) mask[y * width + x] = 1;
    }
  }
  return mask;
}

/** A rectangle on the drawing, in its units. */
interface Placed {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Half of the thickness of a box's line. */
const half = 1;

/** The box of an object, all of its line inside the picture. */
function placedBox({ box }: FoundObject, original: Size, { width, height }: Size): Placed {
  const across = (x: number): number => Math.min(width - half, Math.max(half, (x * width) / original.width));
  const down = (y: number): number => Math.min(height - half, Math.max(half, (y * height) / original.height));
  return {
    left: across(box.x),
    top: down(box.y),
    right: across(box.x + box.width),
    bottom: down(box.y + box.height),
  };
}

function outlineOf({ left, top, right, bottom }: Placed, colour: string): DrawnShape {
  const corners = [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
    [left, top],
  ] as const;
  return line(corners, 2 * half, colour);
}

/** What boxes are, each where no label before it is: below the picture all is told, so that one without room may go. */
class Labels {
  readonly #taken: Placed[] = [];

  constructor(private readonly within: Size) {}

  /** @param texts that say it, the first that has room is taken */
  of(box: Placed, texts: readonly string[], colour: string): readonly DrawnShape[] {
    for (const words of texts) {
      const label = shortened(words, text, this.within.width - 8);
      const place = this.#placeOf(box, widthOf(label, text) + 8);
      if (!place) continue;
      this.#taken.push(place);
      const { left, top, right, bottom } = place;
      return [
        rectangle(left, top, right - left, bottom - top, colour),
        setText(label, { x: left + 4, y: top + text + 0.5, size: text, fill: '#ffffff' }),
      ];
    }
    return [];
  }

  /** Above the box, inside it at its top or foot, or below it. */
  #placeOf({ left, top, bottom }: Placed, width: number): Placed | undefined {
    const height = text + 5;
    const x = Math.max(0, Math.min(left - half, this.within.width - width));
    return [top + half - height, top - half, bottom + half - height, bottom - half]
      .map((y) => ({ left: x, top: y, right: x + width, bottom: y + height }))
      .find((place) => place.top >= 0 && place.bottom <= this.within.height && this.#isFree(place));
  }

  #isFree(place: Placed): boolean {
    return !this.#taken.some(
      ({ left, top, right, bottom }) =>
        left < place.right && place.left < right && top < place.bottom && place.top < bottom,
    );
  }
}

/** What was found on a map: its colour, and a line for each object. */
function told({ explanations }: ExplanationDocument, map: number, width: number): Drawing {
  const about = explanations[map];
  const { threshold = 0, found = [] } = about.objects ?? {};
  const swatch = ofShapes({ width: 12, height: 12 }, [rectangle(0, 3, 10, 10, colourOf(map))]);
  const each = found.map(({ box: [x, y, across, down], area, score }) => {
    return `${score.toFixed(2)}: ${across} x ${down} at ${x}, ${y}; mask of ${area}`;
  });
  const what = `${headingOf(about)}: ${thresholdInWords(threshold)}`;
  const said = stacked(
    [
      paragraph(what, 'body', width - 16),
      lines(each.length === 0 ? ['nothing lies above it'] : each.slice(0, most), 'note', width - 16),
      ...(each.length > most ? [paragraph(`and ${each.length - most} more`, 'note', width - 16)] : []),
    ],
    0,
  );
  return composed({ width, height: said.height }, [
    { drawing: swatch, left: 0, top: 0 },
    { drawing: said, left: 16, top: 0 },
  ]);
}

/** Objects of a map that are told of in the picture. */
const most = 6;

/** What of a map is taken for objects. */
export function thresholdInWords(threshold: Threshold): string {
  switch (threshold) {
    case 'mean':
      return 'what rises at least twice as high as the map does on average';
    case 'otsu':
      return "what lies above Otsu's threshold";
    default:
      return `what lies above ${+(100 * threshold).toPrecision(3)} % of the way from its smallest value to its largest`;
  }
}
