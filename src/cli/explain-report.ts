import type { OpenedBackend } from '../node/index.js';
import {
  toldMeasures,
  type Explanation,
  type ExplanationDocument,
  type Reading,
  type ToldObjects,
} from '../pipeline/index.js';
import { thresholdInWords } from '../report/index.js';
import { printAblation } from './ablation.js';
import { inWords } from './demo-model.js';
import { deviceInWords } from './device.js';
import type { Exhibited, Exhibition, WrittenFigure } from './explain-picture.js';
import { tell } from './legible.js';
import { toPerson } from './paths.js';

export function printHeader(
  { loaded: { name, fallback, concluded } }: Pick<Exhibition, 'loaded'>,
  device: OpenedBackend,
): void {
  tell(`model   ${name}${fallback ? `: ${inWords(fallback)}` : ''}`);
  if (fallback) tell(`        for DeiT-tiny, ${fallback.remedy}`);
  for (const phrase of concluded) tell(`        ${phrase}`);
  tell(`device  ${deviceInWords(device)}`);
}

/** Files of a figure, and what else is said of it. */
interface TellableFigure
  extends
    Pick<WrittenFigure, 'files' | 'explanations'>,
    Partial<Pick<WrittenFigure, 'title' | 'animation' | 'beside'>> {
  readonly more?: readonly string[];
}

/** What was written of a picture. */
interface TellableFiles extends Pick<Exhibited, 'tensors' | 'page'> {
  readonly figures: readonly TellableFigure[];
}

/** @param name of the picture */
export function printResult(
  name: string,
  document: ExplanationDocument,
  { figures, tensors, page }: TellableFiles,
): void {
  const { image, predictions, ablation, timings } = document;
  tell('');
  tell(`${toPerson(name)} (${image.width} x ${image.height})`);
  if (image.note !== undefined) tell(`  note: ${image.note}`);
  for (const { index, label, probability } of predictions) {
    tell(`  ${percent(probability)}  ${label} (${index})`);
  }
  for (const figure of figures) printFigure(figure);
  if (tensors !== undefined) tell(`  tensors: ${toPerson(tensors)}`);
  if (page !== undefined) tell(`  page: ${toPerson(page)}`);
  if (ablation !== undefined) printAblation(ablation);
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
  tell(
    `  load ${seconds(timings.load_ms)}, compile ${seconds(timings.compile_ms)}, run ${seconds(timings.run_ms)}`,
  );
}

function printFigure({
  title,
  files,
  animation,
  beside = [],
  explanations,
  more = [],
}: TellableFigure): void {
  tell(`  ${title ?? inWordsOf(explanations[0])}: ${toPerson(files.drawn)}`);
  if (animation !== undefined) tell(`    moving: ${toPerson(animation)}`);
  for (const path of beside) tell(`    boxes and masks: ${toPerson(path)}`);
  tell(`    values: ${toPerson(files.document)}`);
  for (const explanation of explanations) printAbout(explanation, more);
}

/** `rollout`, `gradient-rollout of basset (161)`. */
function inWordsOf({ method, class: index, options, label, target }: Explanation): string {
  const against = options.against === undefined ? '' : ` - ${options.against}`;
  const ofClass = index === null ? '' : ` of ${label ?? 'class'} (${index}${against})`;
  // Of a class, the target tells what of it is explained.
  const of = index === null ? ' of ' : `${ofClass}, `;
  return `${method}${target === undefined ? ofClass : `${of}${target}`}`;
}

function printAbout(
  { note, completeness, measures, objects, readings, numbers }: Explanation,
  more: readonly string[],
): void {
  if (completeness !== undefined) {
    const [promised, gap] = [completeness.promised, completeness.gap].map((value) => value.toPrecision(3));
    tell(`    sum: ${promised} is promised, of which ${gap} is missing`);
  }
  if (measures) for (const line of measuresInWords(measures)) tell(`    ${line}`);
  if (note !== undefined) tell(`    note: ${note}`);
  if (objects) for (const line of objectsInWords(objects)) tell(`    ${line}`);
  for (const [name, values] of Object.entries(numbers ?? {})) tell(`    ${name}: ${inNumbers(values)}`);
  // Numbers and colours alone, no text of anybody's.
  for (const line of more) console.log(`    ${line}`);
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

function measuresInWords(told: NonNullable<Explanation['measures']>): string[] {
  const { scores, random, uniform, sentence } = told;
  const figures = toldMeasures.map(({ name, digits, better }) => {
    const [own, ofRandom, ofUniform] = [scores, random, uniform].map((of) => of[name].toFixed(digits));
    return `${name} ${own} (${better} is better; random ${ofRandom}, uniform ${ofUniform})`;
  });
  return [sentence, ...figures];
}

/** Objects of a map that are told of; the files have all. */
const toldObjects = 6;

function objectsInWords({ threshold, found }: ToldObjects): string[] {
  const more = found.length - toldObjects;
  return [
    `${found.length === 0 ? 'no object' : found.length === 1 ? 'an object' : `${found.length} objects`}: ${thresholdInWords(threshold)}`,
    ...found.slice(0, toldObjects).map(({ box: [x, y, width, height], score }) => {
      return `  score ${score.toFixed(2)}: ${width} x ${height} pixels at ${x}, ${y}`;
    }),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
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
