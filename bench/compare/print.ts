import { digits, table } from '../table.js';
import { best, type MeasuredEntry, type Measurement } from './measurement.js';
import type { Target } from './targets.js';

const peers = ['vitrine', 'own forward', 'ONNX Runtime', 'PyTorch'];

/** One line a measurement, then every way of doing it with its least and greatest. */
export function printMeasurements(measurements: readonly Measurement[]): void {
  console.log(
    table(
      [
        { title: 'measurement', align: 'left' },
        { title: 'threads' },
        ...peers.map((title) => ({ title })),
        { title: 'unit', align: 'left' },
        { title: 'ratio' },
        { title: 'against', align: 'left' },
        { title: 'target' },
        { title: 'reached', align: 'left' },
      ],
      measurements.map(({ title, threads, entries, unit, ratio, against, target, reached }) => [
        title,
        threads === undefined ? 'all' : String(threads),
        ...peers.map((name) => digits(best(entries, name)?.median ?? NaN)),
        unit,
        ratio === undefined ? '-' : ratio.toFixed(2),
        against,
        inNumbers(target, unit),
        verdict(ratio, reached, target),
      ]),
    ),
  );
  console.log('\nmedian (least to greatest)');
  for (const { title, threads, entries } of measurements) {
    const on = threads === undefined ? 'all threads' : `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
    console.log(`  ${title}, ${on}: ${entries.map(inWords).join('; ')}`);
  }
}

function inNumbers({ ratio, most }: Target, unit: string): string {
  return [
    ...(ratio === undefined ? [] : [`<= ${ratio.toFixed(2)}`]),
    ...(most === undefined ? [] : [`<= ${digits(most)} ${unit}`]),
  ].join(', ');
}

function verdict(ratio: number | undefined, reached: boolean | undefined, target: Target): string {
  if (Object.keys(target).length === 0) return 'no target';
  if (ratio === undefined) return 'not measured';
  if (reached === undefined) return 'no fair peer';
  return reached ? 'yes' : 'no';
}

function inWords({ name, way, median, min, max }: MeasuredEntry): string {
  return `${way === undefined ? name : `${name} ${way}`} ${digits(median)} (${digits(min)} to ${digits(max)})`;
}
