import { UsageError, VitrineError } from '../errors.js';
import { openModel, type OpenedModel } from '../node/index.js';
import type { ExplanationDocument } from './document.js';
import { inWords } from './demo-model.js';
import {
  checkBeforehand,
  checkOptions,
  type ExplainOptions,
  type RawExplainOptions,
} from './explain-options.js';
import { Explainer } from './explainer.js';
import { openPicture, preprocessingFor, type OpenedPicture } from './opened-picture.js';
import { toPerson } from './paths.js';
import { makeFolder, removeIfEmpty, resultFiles, type ResultFiles } from './results.js';

/**
 * Explains all pictures with one model and one program. A picture that fails is reported and the others are
 * still done. If all fail, no folder that was made for the results is left.
 * @param positional pictures given without --image
 * @returns the exit status: 0, 1 if some pictures failed, 2 if all did
 */
export async function explainAll(raw: RawExplainOptions, positional: readonly string[]): Promise<number> {
  const { images, out, weights } = checkBeforehand(raw, positional);
  const files = resultFiles(images, out);
  const made = await makeFolder(out);
  let failures = images.length;
  try {
    const opened = await openModel({ name: raw.model, weights });
    failures = await explainEach(optionsFor(opened, raw, positional), opened, files);
  } finally {
    if (failures === images.length) await removeIfEmpty(made);
  }
  if (failures > 0 && images.length > 1) {
    console.error(`vitrine: ${failures} of ${images.length} pictures could not be explained.`);
  }
  if (failures === 0) return 0;
  return failures < images.length ? 1 : 2;
}

/** @throws UsageError if a class or layer is not the model's */
function optionsFor(
  { name, fallback }: OpenedModel,
  raw: RawExplainOptions,
  positional: readonly string[],
): ExplainOptions {
  try {
    return checkOptions(raw, positional, name);
  } catch (error) {
    if (!(error instanceof UsageError) || !fallback) throw error;
    throw new UsageError(`${error.message.replace(/\.$/, '')}; this is ${inWords(fallback)}.`, {
      cause: error,
    });
  }
}

/** @returns how many pictures failed */
async function explainEach(
  options: ExplainOptions,
  opened: OpenedModel,
  files: readonly ResultFiles[],
): Promise<number> {
  // Read while the model is loaded and compiled, and each further picture while the one before it is explained.
  const preprocessing = preprocessingFor(opened, options);
  let next: OpenedPicture = openPicture(options.images[0], preprocessing);
  const explainer = await Explainer.create(options, opened);
  let failures = 0;
  try {
    if (!options.json) printHeader(explainer, opened);
    for (const position of options.images.keys()) {
      const current = next;
      const following = options.images.at(position + 1);
      if (following !== undefined) next = openPicture(following, preprocessing);
      try {
        const document = await explainer.explain(current, files[position]);
        if (options.json) console.log(JSON.stringify(document));
        else printResult(document, files[position].document);
      } catch (error) {
        if (!(error instanceof VitrineError)) throw error;
        failures++;
        console.error(`vitrine: ${error.message}`);
      }
    }
  } finally {
    explainer.close();
  }
  return failures;
}

function printHeader({ backend, reason }: Explainer, { name, fallback }: OpenedModel): void {
  console.log(`model   ${name}${fallback ? `: ${inWords(fallback)}` : ''}`);
  if (fallback) console.log(`        for DeiT-tiny, ${fallback.remedy}`);
  console.log(`device  ${backend.name}: ${backend.adapter}${reason === undefined ? '' : `; ${reason}`}`);
}

function printResult(document: ExplanationDocument, file: string): void {
  const { image, predictions, explanations, timings } = document;
  console.log(`\n${toPerson(image.path)} (${image.width} x ${image.height})`);
  for (const { index, label, probability } of predictions) {
    console.log(`  ${(100 * probability).toFixed(1).padStart(5)} %  ${label} (${index})`);
  }
  for (const { method, class: index, options, label, file: picture } of explanations) {
    const against = options.against === undefined ? '' : ` - ${options.against}`;
    const of = index === null ? '' : ` of ${label ?? 'class'} (${index}${against})`;
    console.log(`  ${method}${of}: ${toPerson(picture)}`);
  }
  console.log(`  values: ${toPerson(file)}`);
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
  console.log(
    `  load ${seconds(timings.load_ms)}, compile ${seconds(timings.compile_ms)}, run ${seconds(timings.run_ms)}`,
  );
}
