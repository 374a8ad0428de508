import type { OpenedBackend } from '../node/index.js';
import type { Explanation, ExplanationDocument, Reading } from '../pipeline/index.js';
import { inWords } from './demo-model.js';
import { deviceInWords } from './device.js';
import type { Exhibition, WrittenFigure } from './explain-picture.js';
import { tell } from './legible.js';
import { toPerson } from './paths.js';

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
  figures: readonly WrittenFigure[],
): void {
  const { image, predictions, timings } = document;
  tell('');
  tell(`${toPerson(name)} (${image.width} x ${image.height})`);
  if (image.note !== undefined) tell(`  note: ${image.note}`);
  for (const { index, label, probability } of predictions) {
    tell(`  ${percent(probability)}  ${label} (${index})`);
  }
  for (const figure of figures) printFigure(figure);
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
  tell(
    `  load ${seconds(timings.load_ms)}, compile ${seconds(timings.compile_ms)}, run ${seconds(timings.run_ms)}`,
  );
}

function printFigure({ title, files, explanations }: WrittenFigure): void {
  const [first] = explanations;
  tell(`  ${title ?? inWordsOf(first)}: ${toPerson(files.drawn)}`);
  if (files.animation !== undefined) tell(`    moving: ${toPerson(files.animation)}`);
  tell(`    values: ${toPerson(files.document)}`);
  for (const explanation of explanations) printAbout(explanation);
}

/** `rollout`, `gradient-rollout of basset (161)`. */
function inWordsOf({ method, class: index, options, label, target }: Explanation): string {
  const against = options.against === undefined ? '' : ` - ${options.against}`;
  const ofClass = index === null ? '' : ` of ${label ?? 'class'} (${index}${against})`;
  // Of a class, the target tells what of it is explained.
  const of = index === null ? ' of ' : `${ofClass}, `;
  return `${method}${target === undefined ? ofClass : `${of}${target}`}`;
}

function printAbout({ note, completeness, readings }: Explanation): void {
  if (completeness !== undefined) {
    const [promised, gap] = [completeness.promised, completeness.gap].map((value) => value.toPrecision(3));
    tell(`    sum: ${promised} is promised, of which ${gap} is missing`);
  }
  if (note !== undefined) tell(`    note: ${note}`);
  for (const line of readings === undefined ? [] : asTable(readings)) tell(`    ${line}`);
}

/** Of the predictions of a reading, so many have room on a line. */
const FEW = 3;

function asTable(readings: readonly Reading[]): string[] {
  const rows = readings.map(({ caption, predictions }) => [
    caption,
    ...predictions.slice(0, FEW).map(({ index, label, probability }) => {
      return `${percent(probability)} ${label} (${index})`;
    }),
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
