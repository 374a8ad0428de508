import { attributes, niceTicks, rectangle, text } from '../svg.js';
import type { LogRow } from './log.js';

const [width, height] = [960, 420];
const [left, right, top, bottom] = [64, 64, 84, 52];
const faint = '#6b7785';
const lossColour = '#c2410c';
const accuracyColour = '#1d4ed8';

/** The course of a training as an SVG picture: loss to the left axis, accuracy to the right one. */
export function drawCurve(title: string, rows: readonly LogRow[]): string {
  const lastStep = Math.max(1, ...rows.map(({ step }) => step));
  const known = rows.flatMap(({ loss, validationLoss }) => [loss, validationLoss]).filter(Number.isFinite);
  const highest = Math.max(1e-6, ...known);
  const x = (step: number): number => left + (step / lastStep) * (width - left - right);
  const y = (share: number): number => height - bottom - share * (height - top - bottom);
  const line = (value: (row: LogRow) => number, scale: number, stroke: string, dashed: boolean): string => {
    const points = rows
      .filter((row) => Number.isFinite(value(row)))
      .map((row) => `${x(row.step).toFixed(1)},${y(value(row) / scale).toFixed(1)}`)
      .join(' ');
    const style = { points, fill: 'none', stroke, 'stroke-width': dashed ? 2.5 : 1.2 };
    return `<polyline ${attributes(dashed ? { ...style, 'stroke-dasharray': '6 4' } : style)}/>`;
  };
  const level = (share: number, label: string, onRight: boolean): string =>
    text(label, {
      x: onRight ? width - right + 8 : left - 8,
      y: y(share) + 4,
      'text-anchor': onRight ? 'start' : 'end',
      fill: onRight ? accuracyColour : lossColour,
    });
  return [
    `<svg ${attributes({ xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}` })}` +
      ' font-family="DejaVu Sans, Helvetica, Arial, sans-serif" font-size="13">',
    rectangle({ x: 0, y: 0, width, height, fill: '#ffffff' }),
    text(title, { x: 24, y: 34, 'font-size': 20, 'font-weight': 700 }),
    text('loss', { x: 24, y: 60, fill: lossColour, 'font-weight': 700 }),
    text('accuracy', { x: 64, y: 60, fill: accuracyColour, 'font-weight': 700 }),
    text('dashed: on pictures never trained on', { x: 144, y: 60, fill: faint }),
    ...niceTicks(1, 5).map(
      (share) =>
        `<line ${attributes({ x1: left, x2: width - right, y1: y(share), y2: y(share), stroke: '#e5e9ee' })}/>` +
        level(share, `${Math.round(100 * share)} %`, true),
    ),
    ...niceTicks(highest, 6).map((loss) => level(loss / highest, String(+loss.toPrecision(3)), false)),
    ...niceTicks(lastStep, 10).map((step) =>
      text(String(step), { x: x(step), y: height - bottom + 20, 'text-anchor': 'middle', fill: faint }),
    ),
    text('steps', { x: width / 2, y: height - 12, 'text-anchor': 'middle', fill: faint }),
    line(({ loss }) => loss, highest, lossColour, false),
    line(({ validationLoss }) => validationLoss, highest, lossColour, true),
    line(({ accuracy }) => accuracy, 1, accuracyColour, false),
    line(({ validationAccuracy }) => validationAccuracy, 1, accuracyColour, true),
    '</svg>\n',
  ].join('\n');
}
