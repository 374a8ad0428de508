import { digits, plural, table } from '../table.js';
import { best, inWords, type Measurement } from './measurement.js';

const contestants = ['vitrine', 'own forward', 'own explanation', 'ONNX Runtime', 'PyTorch'];

/** One line a measurement, then every way of doing it with its least and greatest. */
export function printMeasurements(measurements: readonly Measurement[]): void {
  const taking = contestants.filter((name) => measurements.some(({ entries }) => best(entries, name)));
  const rows = measurements.map((measurement) => ({
    measurement: measurement.title,
    threads: String(measurement.threads ?? 'all'),
    ...Object.fromEntries(taking.map((name) => [name, digits(best(measurement.entries, name)?.median)])),
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

function targetInWords({ target: { ratio, plus, most }, unit }: Measurement): string {
  const more = plus === undefined ? '' : ` x + ${digits(plus)} ${unit}`;
  const parts = [ratio && `<= ${ratio.toFixed(2)}${more}`, most && `<= ${digits(most)} ${unit}`];
  return parts.filter(Boolean).join(', ');
}

function verdict({ target, isFair, reached }: Measurement): string {
  if (Object.keys(target).length === 0) return 'no target';
  if (!isFair) return 'slow BLAS';
  if (reached === undefined) return 'not measured';
  return reached ? 'yes' : 'no';
}
