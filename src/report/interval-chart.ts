import { niceTicks } from '../svg.js';
import { composed, ofShapes, type Drawing } from './drawing.js';
import { disc, line, rectangle, type DrawnShape } from './shapes.js';
import { inks, setText, shortened } from './typeface/typeset.js';

/** A mean with the ends of its interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** A row: what it is of, and an interval in each panel that knows one. */
export interface IntervalRow {
  readonly name: string;
  /** What others are compared with, drawn in grey. */
  readonly isBaseline: boolean;
  readonly cells: readonly (Interval | undefined)[];
}

export interface IntervalChart {
  readonly caption: string;
  readonly panels: readonly { readonly title: string; readonly note: string }[];
  readonly rows: readonly IntervalRow[];
}

const [names, panelWidth, gap, rowHeight, top, bottom, margin] = [190, 170, 24, 18, 62, 34, 14];
const colours = { stripe: '#ebeef2', grid: '#d3dae1', point: '#0b69a3', baseline: '#829ab1' };

/** Means as points with their intervals, a row for each thing that is compared, a panel for each measure: as a paper prints it. */
export function intervalChart({ caption, panels, rows }: IntervalChart): Drawing {
  const size = {
    width: margin + names + panels.length * (panelWidth + gap),
    height: top + rows.length * rowHeight + bottom,
  };
  const middles = rows.map((_, row) => top + (row + 0.5) * rowHeight);
  const stripes = middles
    .filter((_, row) => row % 2 === 0)
    .map((y) => rectangle(0, y - rowHeight / 2, size.width, rowHeight, colours.stripe));
  const labels = rows.map(({ name, isBaseline }, row) =>
    setText(shortened(name, 11, names - 10), {
      ...{ x: margin + names - 10, y: middles[row] + 4, size: 11, anchor: 'end' },
      fill: isBaseline ? colours.baseline : inks.text,
    }),
  );
  const note = setText(shortened(caption, 11, size.width - 2 * margin), {
    ...{ x: margin, y: 20, size: 11, fill: inks.faint },
  });
  const frame = ofShapes(size, [...stripes, ...labels, note]);
  const drawn = panels.map((panel, position) => ({
    drawing: ofShapes(
      { width: panelWidth, height: size.height },
      panelShapes(panel, rows, position, middles),
    ),
    left: margin + names + position * (panelWidth + gap),
    top: 0,
  }));
  return composed(size, [{ drawing: frame, left: 0, top: 0 }, ...drawn]);
}

/** One measure of all rows, from the left edge of its panel. */
function panelShapes(
  { title, note }: IntervalChart['panels'][number],
  rows: readonly IntervalRow[],
  position: number,
  middles: readonly number[],
): readonly DrawnShape[] {
  const known = rows.flatMap(({ cells }) => cells[position] ?? []);
  const low = Math.min(0, ...known.map((cell) => cell.low));
  const high = Math.max(0, ...known.map((cell) => cell.high));
  const x = (value: number): number => ((value - low) / (high - low || 1)) * panelWidth;
  const end = top + rows.length * rowHeight;
  const below = niceTicks(-low, 2).slice(1);
  const ticks = [...niceTicks(high, 4), ...below.map((tick) => -tick)];
  return [
    setText(title, { x: 0, y: top - 22, size: 13 }),
    setText(note, { x: 0, y: top - 9, size: 9.5, fill: inks.faint }),
    ...ticks.flatMap((tick) => [
      upright(x(tick), top, end, tick === 0 ? colours.baseline : colours.grid),
      setText(String(Number(tick.toPrecision(6))), {
        ...{ x: x(tick), y: end + 14, size: 10, anchor: 'middle', fill: inks.faint },
      }),
    ]),
    ...rows.flatMap(({ cells, isBaseline }, row) => {
      const cell = cells[position];
      if (!cell) return [];
      const colour = isBaseline ? colours.baseline : colours.point;
      const ends = [
        [x(cell.low), middles[row]],
        [x(cell.high), middles[row]],
      ] as const;
      return [line(ends, 1.5, colour), disc(x(cell.mean), middles[row], 3.2, colour)];
    }),
  ];
}

function upright(x: number, from: number, to: number, fill: string): DrawnShape {
  return rectangle(x - 0.5, from, 1, to - from, fill);
}
