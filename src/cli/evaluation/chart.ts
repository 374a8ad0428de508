import type { Measure } from '../../evaluate/index.js';
import { attributes, niceTicks, rectangle, text } from '../../svg.js';
import { cellOf, isBaseline, type EvaluationTable } from './table.js';

/** Columns of a chart: more than these have no room on a page. */
const MOST = 4;
/** Those that are drawn first, where a table has more. */
const first = ['energy', 'iou', 'ap', 'discrimination', 'srg', 'deletion', 'insertion', 'perturbation+'];

/** Pixels. */
const [LABELS, PANEL, GAP, ROW, TOP, BOTTOM, MARGIN] = [190, 170, 24, 18, 62, 34, 14];
const [INK, PALE, POINT, BASELINE] = ['#1f2933', '#d9e2ec', '#0b69a3', '#829ab1'];
const FONT = "font-family:'DejaVu Sans',Verdana,sans-serif";

/** Means as points with their intervals, a row a method, a panel a measure: as a paper prints it. */
export function chartOf(table: EvaluationTable): string {
  const measures = chosen(table.measures);
  const height = TOP + table.rows.length * ROW + BOTTOM;
  const width = MARGIN + LABELS + measures.length * (PANEL + GAP);
  const y = (row: number): number => TOP + (row + 0.5) * ROW;
  const parts = [
    rectangle({ x: 0, y: 0, width, height, fill: '#ffffff' }),
    ...table.rows.flatMap(({ method }, row) => [
      ...(row % 2 === 0
        ? [rectangle({ x: 0, y: y(row) - ROW / 2, width, height: ROW, fill: '#f5f7fa' })]
        : []),
      text(method, {
        x: MARGIN + LABELS - 10,
        y: y(row) + 4,
        'font-size': 11,
        'text-anchor': 'end',
        fill: isBaseline(method) ? BASELINE : INK,
      }),
    ]),
    text(captionOf(table), { x: MARGIN, y: 20, 'font-size': 11, fill: BASELINE }),
    ...measures.flatMap((measure, panel) =>
      panelOf(table, measure, MARGIN + LABELS + panel * (PANEL + GAP), y, height),
    ),
  ];
  return (
    `<svg ${attributes({ xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}`, style: FONT })}>\n` +
    `${parts.join('\n')}\n</svg>\n`
  );
}

function captionOf({ about }: EvaluationTable): string {
  return `${about.model}, ${about.pictures} pictures; means with 95 % intervals, grey: baselines`;
}

function chosen(measures: readonly Measure[]): readonly Measure[] {
  const places = (measure: Measure): number => {
    const place = first.indexOf(measure.name);
    return place < 0 ? first.length : place;
  };
  return measures.toSorted((a, b) => places(a) - places(b)).slice(0, MOST);
}

function panelOf(
  table: EvaluationTable,
  measure: Measure,
  left: number,
  y: (row: number) => number,
  height: number,
): readonly string[] {
  const { name, better } = measure;
  const cells = table.rows.map((row) => cellOf(row.cells, name));
  const known = cells.filter((cell) => cell !== undefined);
  const [low, high] = [
    Math.min(0, ...known.map((cell) => cell.low)),
    Math.max(...known.map((cell) => cell.high)),
  ];
  const x = (value: number): number => left + ((value - low) / (high - low || 1)) * PANEL;
  const bottom = height - BOTTOM;
  const ticks = [
    ...niceTicks(high, 4),
    ...niceTicks(-low, 2)
      .slice(1)
      .map((tick) => -tick),
  ];
  const arrow = { higher: ' →', lower: ' ←', neither: '' }[better];
  return [
    text(`${name}${arrow}`, { x: left, y: TOP - 22, 'font-size': 13, 'font-weight': 'bold' }),
    text({ higher: 'more is better', lower: 'less is better', neither: '' }[better], {
      x: left,
      y: TOP - 9,
      'font-size': 9,
      fill: BASELINE,
    }),
    ...ticks.flatMap((tick) => [
      line(x(tick), TOP, x(tick), bottom, tick === 0 ? BASELINE : PALE),
      text(String(Number(tick.toPrecision(6))), {
        x: x(tick),
        y: bottom + 14,
        'font-size': 10,
        'text-anchor': 'middle',
      }),
    ]),
    ...cells.flatMap((cell, row) => {
      if (!cell) return [];
      const colour = isBaseline(table.rows[row].method) ? BASELINE : POINT;
      return [
        line(x(cell.low), y(row), x(cell.high), y(row), colour, 1.5),
        `<circle ${attributes({ cx: x(cell.mean), cy: y(row), r: 3.2, fill: colour })}/>`,
      ];
    }),
  ];
}

function line(x1: number, y1: number, x2: number, y2: number, stroke: string, width = 1): string {
  return `<line ${attributes({ x1, y1, x2, y2, stroke, 'stroke-width': width })}/>`;
}
