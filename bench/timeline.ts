import { svg } from 'vitrine';
import { phases } from './phases.js';
import { sum } from './statistics.js';
import { digits, percent } from './table.js';
import { lanesOf, phaseColours, type Bar, type MeasuredRun } from './timeline-lanes.js';

const { attributes, niceTicks, rectangle, text } = svg;

export interface Timeline extends MeasuredRun {
  readonly title: string;
  readonly subtitle: string;
}

const width = 1600;
const left = 300;
const right = 32;
const top = 96;
const laneHeight = 34;
const laneGap = 8;
const faint = '#6b7785';
/** A picture of a run: its parts, all kernels in their order, then a row for each kind of kernel. */
export function timelineSvg({ title, subtitle, ...run }: Timeline): string {
  const total = sum(run.milliseconds);
  const lanes = lanesOf(run, total);
  const scale = (time: number): number => left + (time / (total || 1)) * (width - left - right);
  const bottom = top + lanes.length * (laneHeight + laneGap);
  const height = bottom + 56;
  const ticks = niceTicks(total, 12).map((tick) => {
    const x = scale(tick);
    return (
      `<line ${attributes({ x1: x, x2: x, y1: top - 8, y2: bottom, stroke: '#dde3e9' })}/>` +
      text(String(Number(tick.toPrecision(6))), { x, y: bottom + 18, 'text-anchor': 'middle', fill: faint })
    );
  });
  const rows = lanes.map(({ name, note, bars }, lane) => {
    const y = top + lane * (laneHeight + laneGap);
    return [
      text(name, { x: left - 14, y: y + 15, 'text-anchor': 'end', 'font-weight': 600 }),
      text(note, { x: left - 14, y: y + 30, 'text-anchor': 'end', fill: faint, 'font-size': 12 }),
      ...bars.map((bar) => drawBar(bar, scale, y)),
    ].join('\n');
  });
  return [
    `<svg ${attributes({ xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}` })}` +
      ` font-family="DejaVu Sans, Helvetica, Arial, sans-serif" font-size="14">`,
    rectangle({ x: 0, y: 0, width, height, fill: '#ffffff' }),
    text(title, { x: 24, y: 38, 'font-size': 22, 'font-weight': 700 }),
    text(`${digits(total)} ms in kernels; ${subtitle}`, { x: 24, y: 63, fill: faint }),
    ...legend(run, total),
    ...ticks,
    ...rows,
    text('milliseconds since the first kernel began', {
      x: (left + width - right) / 2,
      y: bottom + 42,
      'text-anchor': 'middle',
      fill: faint,
    }),
    '</svg>\n',
  ].join('\n');
}

/** What the colours of the parts mean, and their shares. */
function legend({ milliseconds, phases: phaseOf }: MeasuredRun, total: number): string[] {
  return phases.map((phase, index) => {
    const share = sum(milliseconds.filter((_, step) => phaseOf[step] === phase)) / (total || 1);
    const x = width - right - 170 * (phases.length - index) + 24;
    const swatch = rectangle({ x, y: 26, width: 14, height: 14, fill: phaseColours[phase] });
    return swatch + text(`${phase} ${percent(share)}`, { x: x + 20, y: 38 });
  });
}

function drawBar(
  { start, end, colour, label, hint }: Bar,
  scale: (time: number) => number,
  y: number,
): string {
  const x = scale(start);
  const wide = Math.max(0.7, scale(end) - x);
  const fits = label !== '' && wide > 9 * label.length + 8;
  const shape = rectangle({ x, y, width: wide, height: laneHeight, fill: colour }, hint);
  // A hair between neighbours, where they are wide enough to spare it.
  const edge =
    wide > 3 ? `<line ${attributes({ x1: x, x2: x, y1: y, y2: y + laneHeight, stroke: '#fff' })}/>` : '';
  const middle = { x: x + wide / 2, y: y + 22, 'text-anchor': 'middle', fill: '#ffffff' };
  return shape + edge + (fits ? text(label, middle) : '');
}
