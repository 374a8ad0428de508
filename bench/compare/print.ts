import { digits, plural, table } from '../table.js';
import { best, inWords, type Measurement } from './measurement.js';

const peers = ['vitrine', 'own forward', 'ONNX Runtime', 'PyTorch'];

/** One line a measurement, then every way of doing it with its least and greatest. */
export function printMeasurements(measurements: readonly Measurement[]): void {
  const rows = measurements.map((measurement) => ({
    measurement: measurement.title,
    threads: String(measurement.threads ?? 'all'),
    ...Object.fromEntries(peers.map((name) => [name, digits(best(measurement.entries, name)?.median)])),
    unit: measurement.unit,
    ratio: measurement.ratio?.toFixed(2) ?? '-',
    against: inWords(best(measurement.entries, measurement.against) ?? { name: measurement.against }),
    target: targetInWords(measurement),
    reached: verdict(measurement),
  }));
  console.log(table(rows));
  console.log('\nmedian (least to greatest)');
  for (const { title, threads, entries } of measurements) {
    const on = threads === undefined ? 'all threads' : plural(threads, 'thread');
    const ways = entries.map((entry) => {
      const { median, min, max } = entry;
      return `${inWords(entry)} ${digits(median)} (${digits(min)} to ${digits(max)})`;
    });
    console.log(`  ${title}, ${on}: ${ways.join('; ')}`);
  }
}

function targetInWords({ target: { ratio, most }, unit }: Measurement): string {
  const parts = [ratio && `<= ${ratio.toFixed(2)}`, most && `<= ${digits(most)} ${unit}`];
  return parts.filter(Boolean).join(', ');
}

function verdict({ target, ratio, reached }: Measurement): string {
  if (Object.keys(target).length === 0) return 'no target';
  if (ratio === undefined) return 'not measured';
  if (reached === undefined) return 'no fair peer';
  return reached ? 'yes' : 'no';
}
