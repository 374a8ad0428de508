import { colormap } from '../image/index.js';
import { ofShapes, stacked, withMargin, type Drawing } from './drawing.js';
import { rectangle } from './shapes.js';
import { inks, setText, shortened, widthOf } from './typeface/typeset.js';
import { paragraph } from './words.js';

/** Which class was taken for which. */
export interface ConfusionTable {
  readonly labels: readonly string[];
  /** Pictures; rows are what is shown, columns what was said. [classes, classes] */
  readonly counts: ArrayLike<number>;
  readonly title: string;
}

/** Classes whose numbers have room in their cells. */
const NUMBERED = 20;
/** Of letters, and of the names before the rows at most. */
const [size, longest] = [11, 150];
/** Above this luma, the number in a cell is dark. */
const LIGHT = 128;

/** A table of how often each class was taken for each, as colours: the share of the pictures of its row. */
export function confusionTable({ labels, counts, title }: ConfusionTable): Drawing {
  const classes = labels.length;
  const isNumbered = classes <= NUMBERED;
  const [width, height] = isNumbered ? [44, 26] : [cellSide(classes), cellSide(classes)];
  const hasNames = height >= size;
  const names = labels.map((label, i) => shortened(`${i}  ${label}`, size, longest));
  const before = hasNames ? Math.ceil(Math.max(...names.map((name) => widthOf(name, size)))) + 10 : 0;
  const above = isNumbered ? 18 : 0;
  const { table } = colormap('viridis');
  const cells = Array.from(counts).flatMap((count, i) => {
    const row = Math.floor(i / classes);
    let all = 0;
    for (let column = 0; column < classes; column++) all += counts[row * classes + column];
    const place = 3 * Math.round(all === 0 ? 0 : (255 * count) / all);
    const [red, green, blue] = table.subarray(place, place + 3);
    const isLight = 0.299 * red + 0.587 * green + 0.114 * blue > LIGHT;
    const [x, y] = [before + (i % classes) * width, above + row * height];
    const edge = isNumbered ? 1 : 0;
    const cell = rectangle(x, y, width - edge, height - edge, hex([red, green, blue]));
    if (!isNumbered || count === 0) return [cell];
    const fill = isLight ? inks.text : '#ffffff';
    return [
      cell,
      setText(String(count), { x: x + width / 2, y: y + height / 2 + 4, size, anchor: 'middle', fill }),
    ];
  });
  const style = { size, fill: inks.faint };
  const ofRows = (hasNames ? names : []).map((name, row) =>
    setText(name, { ...style, x: before - 8, y: above + (row + 0.5) * height + 4, anchor: 'end' }),
  );
  const ofColumns = (isNumbered ? labels : []).map((_, column) =>
    setText(String(column), { ...style, x: before + (column + 0.5) * width, y: above - 6, anchor: 'middle' }),
  );
  const extent = { width: before + classes * width, height: above + classes * height };
  const drawn = ofShapes(extent, [...cells, ...ofRows, ...ofColumns]);
  const wide = Math.max(extent.width, 320);
  const explained = paragraph('Rows: what is shown. Columns: what was said.', 'note', wide);
  return withMargin(stacked([paragraph(title, 'heading', wide), explained, drawn], 8), 16);
}

/** So that a table of many classes has room on a screen. */
function cellSide(classes: number): number {
  return Math.max(2, Math.min(16, Math.floor(900 / classes)));
}

function hex(colour: readonly number[]): string {
  return `#${colour.map((level) => level.toString(16).padStart(2, '0')).join('')}`;
}
