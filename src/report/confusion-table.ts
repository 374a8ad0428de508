import { colormap } from '../image/index.js';
import { tableCell, tableNames, textSize } from './cells.js';
import { ofShapes, stacked, withMargin, type Drawing } from './drawing.js';
import { shortened, widthOf } from './typeface/typeset.js';
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
/** Of the names before the rows, at most, pixels. */
const longest = 150;

/** A table of how often each class was taken for each, as colours: the share of the pictures of its row. */
export function confusionTable({ labels, counts, title }: ConfusionTable): Drawing {
  const classes = labels.length;
  const isNumbered = classes <= NUMBERED;
  const [width, height] = isNumbered ? [44, 26] : [cellSide(classes), cellSide(classes)];
  const hasNames = height >= textSize;
  const names = labels.map((label, i) => shortened(`${i}  ${label}`, textSize, longest));
  const before = hasNames ? Math.ceil(Math.max(...names.map((name) => widthOf(name, textSize)))) + 10 : 0;
  const above = isNumbered ? 18 : 0;
  const { table } = colormap('viridis');
  const inRow = Array.from({ length: classes }, (_, row) =>
    Array.from({ length: classes }, (_, column) => counts[row * classes + column]).reduce(
      (sum, n) => sum + n,
      0,
    ),
  );
  const cells = Array.from(counts).flatMap((count, i) => {
    const row = Math.floor(i / classes);
    const [x, y] = [before + (i % classes) * width, above + row * height];
    const unit = inRow[row] === 0 ? 0 : count / inRow[row];
    const text = isNumbered && count > 0 ? String(count) : undefined;
    return tableCell({ x, y, width, height, unit, text }, table, isNumbered ? 1 : 0);
  });
  const drawnNames = tableNames(
    { x: before, y: above, width, height },
    hasNames ? names : [],
    isNumbered ? labels.map((_, column) => String(column)) : [],
  );
  const extent = { width: before + classes * width, height: above + classes * height };
  const drawn = ofShapes(extent, [...cells, ...drawnNames]);
  const wide = Math.max(extent.width, 320);
  const explained = paragraph('Rows: what is shown. Columns: what was said.', 'note', wide);
  return withMargin(stacked([paragraph(title, 'heading', wide), explained, drawn], 8), 16);
}

/** So that a table of many classes has room on a screen. */
function cellSide(classes: number): number {
  return Math.max(2, Math.min(16, Math.floor(900 / classes)));
}
