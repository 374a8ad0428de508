import type { OpenedBackend } from '../node/index.js';
import type { Explanation, ExplanationDocument } from '../pipeline/index.js';
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
    tell(`  ${(100 * probability).toFixed(1).padStart(5)} %  ${label} (${index})`);
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
  { method, class: index, options, label, note, target }: Explanation,
  { drawn, document }: ResultFiles,
): void {
  const against = options.against === undefined ? '' : ` - ${options.against}`;
  const ofClass = index === null ? '' : ` of ${label ?? 'class'} (${index}${against})`;
  const of = target === undefined ? ofClass : ` of ${target}`;
  tell(`  ${method}${of}: ${toPerson(drawn)}`);
  tell(`    values: ${toPerson(document)}`);
  if (note !== undefined) tell(`    note: ${note}`);
}
