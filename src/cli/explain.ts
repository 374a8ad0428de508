import { VitrineError } from '../errors.js';
import type { ExplanationDocument } from './document.js';
import type { ExplainOptions } from './explain-options.js';
import { Explainer } from './explainer.js';
import { openPicture, type OpenedPicture } from './opened-picture.js';
import { toPerson } from './paths.js';
import { makeFolder, removeIfEmpty, resultFiles, type ResultFiles } from './results.js';

/**
 * Explains all pictures with one model and one program. A picture that fails is reported and the others are
 * still done. If all fail, no folder that was made for the results is left.
 * @returns the exit status: 0, 1 if some pictures failed, 2 if all did
 */
export async function explainAll(options: ExplainOptions): Promise<number> {
  const files = resultFiles(options.images, options.out);
  const made = await makeFolder(options.out);
  let failures = options.images.length;
  try {
    failures = await explainEach(options, files);
  } finally {
    if (failures === options.images.length) await removeIfEmpty(made);
  }
  if (failures > 0 && options.images.length > 1) {
    console.error(`vitrine: ${failures} of ${options.images.length} pictures could not be explained.`);
  }
  if (failures === 0) return 0;
  return failures < options.images.length ? 1 : 2;
}

/** @returns how many pictures failed */
async function explainEach(options: ExplainOptions, files: readonly ResultFiles[]): Promise<number> {
  // Read while the model is loaded and compiled, and each further picture while the one before it is explained.
  let next: OpenedPicture = openPicture(options.images[0], options);
  const explainer = await Explainer.create(options);
  let failures = 0;
  try {
    if (!options.json) printHeader(explainer, options);
    for (const position of options.images.keys()) {
      const current = next;
      const following = options.images.at(position + 1);
      if (following !== undefined) next = openPicture(following, options);
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

function printHeader({ backend, reason }: Explainer, { model }: ExplainOptions): void {
  console.log(`model   ${model}`);
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
