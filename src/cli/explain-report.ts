import type { OpenedBackend } from '../node/index.js';
import type { Explanation, ExplanationDocument, Reading } from '../pipeline/index.js';
import { inWords } from './demo-model.js';
import { deviceInWords } from './device.js';
import type { Exhibition } from './explain-picture.js';
import { tell } from './legible.js';
import { toPerson } from './paths.js';
import type { ResultFiles } from './results.js';

export function printHeader(
  { loaded: { name, fallback, concluded } }: Exhibition,
  device: OpenedBackend,
): void {
  tell(`model   ${name}${fallback ? `: ${inWords(fallback)}` : ''}`);
  if (fallback) tell(`        for DeiT-tiny, ${fallback.remedy}`);
  for (const phrase of concluded) tell(`        ${phrase}`);
  tell(`device  ${deviceInWords(device)}`);
}

/** @param name of the picture */
export function printResult(
  name: string,
  document: ExplanationDocument,
  files: readonly ResultFiles[],
): void {
  const { image, predictions, explanations, timings } = document;
  tell('');
  tell(`${toPerson(name)} (${image.width} x ${image.height})`);
  if (image.note !== undefined) tell(`  note: ${image.note}`);
  for (const { index, label, probability } of predictions) {
    tell(`  ${percent(probability)}  ${label} (${index})`);
  }
  for (const [position, explanation] of explanations.entries()) {
    printExplanation(explanation, files[position]);
  }
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
  tell(
    `  load ${seconds(timings.load_ms)}, compile ${seconds(timings.compile_ms)}, run ${seconds(timings.run_ms)}`,
  );
}

function printExplanation(
  { method, class: index, options, label, note, target, completeness, readings, numbers }: Explanation,
  { drawn, document }: ResultFiles,
): void {
  const against = options.against === undefined ? '' : ` - ${options.against}`;
  const ofClass = index === null ? '' : ` of ${label ?? 'class'} (${index}${against})`;
  // Of a class, the target tells what of it is explained.
  const of =
    index === null
      ? target === undefined
        ? ''
        : ` of ${target}`
      : ofClass + (target === undefined ? '' : `, ${target}`);
  tell(`  ${method}${of}: ${toPerson(drawn)}`);
  tell(`    values: ${toPerson(document)}`);
  if (completeness !== undefined) {
    const [promised, gap] = [completeness.promised, completeness.gap].map((value) => value.toPrecision(3));
    tell(`    sum: ${promised} is promised, of which ${gap} is missing`);
  }
  if (note !== undefined) tell(`    note: ${note}`);
  for (const [name, values] of Object.entries(numbers ?? {})) tell(`    ${name}: ${inNumbers(values)}`);
  for (const line of readings === undefined ? [] : asTable(readings)) tell(`    ${line}`);
}

/** So many numbers are all told; of more, those of the largest magnitude. */
const ALL = 12;
const LARGEST = 6;

function inNumbers(values: readonly number[]): string {
  const told = (value: number): string => value.toPrecision(3);
  if (values.length <= ALL) return values.map(told).join(', ');
  const largest = [...values.keys()].sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]));
  return `${largest
    .slice(0, LARGEST)
    .map((index) => `${told(values[index])} (${index})`)
    .join(', ')} and ${values.length - LARGEST} smaller ones`;
}

/** Of the predictions of a reading, so many have room on a line. */
const FEW = 3;

function asTable(readings: readonly Reading[]): string[] {
  const rows = readings.map(({ caption, predictions, votes = [] }) => [
    caption,
    ...predictions.slice(0, FEW).map(({ index, label, probability }) => {
      return `${percent(probability)} ${label} (${index})`;
    }),
    ...votes.slice(0, 1).map(({ index, label, patches }) => `${patches} patches: ${label} (${index})`),
  ]);
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
}

function percent(probability: number): string {
  return `${(100 * probability).toFixed(1).padStart(5)} %`;
}
