import { VitrineError } from '../errors.js';
import { findModel, modelNames } from '../models/index.js';
import { openBackend, openModel, type OpenedModel } from '../node/index.js';
import { Explainer, preprocessingsOf, Stopwatch, type ExplanationDocument } from '../pipeline/index.js';
import { inWords } from './demo-model.js';
import {
  checkOptions,
  checkRequest,
  checkSubstituted,
  type ExplainOptions,
  type RawExplainOptions,
  type Request,
} from './explain-options.js';
import { explainPicture, type Exhibition } from './explain-picture.js';
import { Interrupted, Interruption } from './interruption.js';
import { openPicture, type OpenedPicture } from './opened-picture.js';
import { toPerson } from './paths.js';
import { makeFolder, removeIfEmpty, resultFiles, type ResultFiles } from './results.js';

/**
 * Explains all pictures with one model and one program. A picture that fails is reported and the others are
 * still done. If all fail, no folder that was made for the results is left.
 * @param positional pictures given without --image
 * @returns the exit status: 0, 1 if some pictures failed, 2 if all did, a shell's status if it was interrupted
 */
export async function explainAll(raw: RawExplainOptions, positional: readonly string[]): Promise<number> {
  const options = checkOptions(raw, positional);
  const { images, out } = options;
  const files = resultFiles(images, out);
  const made = await makeFolder(out);
  const tally: Tally = { explained: 0, failed: 0 };
  try {
    const [opened, request] = await openFor(raw, options);
    await explainEach(options, request, opened, files, tally);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    console.error(`vitrine: stopped; ${tally.explained} of ${images.length} pictures were explained.`);
    return error.status;
  } finally {
    if (tally.explained === 0) await removeIfEmpty(made);
  }
  if (tally.failed === 0) return 0;
  if (images.length > 1) {
    console.error(`vitrine: ${tally.failed} of ${images.length} pictures could not be explained.`);
  }
  return tally.explained > 0 ? 1 : 2;
}

/** The model, and what is asked of it: checked before its weights are looked for, if it is known then which one it is. */
async function openFor(
  raw: RawExplainOptions,
  options: ExplainOptions,
): Promise<[opened: OpenedModel, request: Request]> {
  const { model: name, weights } = options;
  if (name === undefined && weights === undefined) {
    const opened = await openModel({});
    return [opened, checkSubstituted(raw, options, opened)];
  }
  const request = checkRequest(raw, options, findModel(name ?? modelNames[0]));
  return [await openModel({ name, weights }), request];
}

/** What became of the pictures so far. */
interface Tally {
  explained: number;
  failed: number;
}

async function explainEach(
  options: ExplainOptions,
  request: Request,
  opened: OpenedModel,
  files: readonly ResultFiles[],
  tally: Tally,
): Promise<void> {
  // Read while the model is loaded and compiled, and each further picture while the one before it is explained.
  const preprocessings = preprocessingsOf(request.methods, opened.preprocessing);
  let next: OpenedPicture = openPicture(options.images[0], preprocessings);
  const stopwatch = new Stopwatch<'load' | 'compile'>();
  const { backend, reason } = await openBackend(options.device, options);
  stopwatch.lap('load');
  const interruption = new Interruption();
  const { signal } = interruption;
  try {
    const explainer = await Explainer.create(opened, backend, {
      methods: request.methods,
      targets: Math.max(1, request.targets.length),
      ranks: ranksOf(request),
      weights: opened.weights,
      stopwatch,
      signal,
    });
    const loaded = { ...opened, weights: await opened.weights };
    const shared = { loaded, backend, explainer, request, colormap: options.colormap, stopwatch, signal };
    if (!options.json) printHeader(shared, reason);
    for (const position of options.images.keys()) {
      const current = next;
      const following = options.images.at(position + 1);
      if (following !== undefined) next = openPicture(following, preprocessings);
      try {
        const document = await explainPicture(shared, current, files[position]);
        tally.explained++;
        if (options.json) console.log(JSON.stringify(document));
        else printResult(document, files[position].document);
      } catch (error) {
        if (!(error instanceof VitrineError)) throw error;
        tally.failed++;
        console.error(`vitrine: ${error.message}`);
      }
    }
  } finally {
    interruption.stop();
    backend.destroy();
  }
}

/** As many as the targets name: each costs a look at all logits. */
function ranksOf({ targets }: Request): number {
  return Math.max(0, ...targets.map((target) => (target.kind === 'rank' ? target.rank + 1 : 0)));
}

function printHeader(
  { backend, loaded: { name, fallback } }: Exhibition,
  /** Why this backend, if it was not asked for. */
  reason: string | undefined,
): void {
  console.log(`model   ${name}${fallback ? `: ${inWords(fallback)}` : ''}`);
  if (fallback) console.log(`        for DeiT-tiny, ${fallback.remedy}`);
  console.log(`device  ${backend.name}: ${backend.adapter}${reason === undefined ? '' : `; ${reason}`}`);
}

function printResult(document: ExplanationDocument, file: string): void {
  const { image, predictions, explanations, timings } = document;
  console.log(`\n${toPerson(image.path!)} (${image.width} x ${image.height})`);
  if (image.note !== undefined) console.log(`  note: ${image.note}`);
  for (const { index, label, probability } of predictions) {
    console.log(`  ${(100 * probability).toFixed(1).padStart(5)} %  ${label} (${index})`);
  }
  for (const { method, class: index, options, label, file: picture, note } of explanations) {
    const against = options.against === undefined ? '' : ` - ${options.against}`;
    const of = index === null ? '' : ` of ${label ?? 'class'} (${index}${against})`;
    console.log(`  ${method}${of}: ${toPerson(picture!)}`);
    if (note !== undefined) console.log(`    note: ${note}`);
  }
  console.log(`  values: ${toPerson(file)}`);
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
  console.log(
    `  load ${seconds(timings.load_ms)}, compile ${seconds(timings.compile_ms)}, run ${seconds(timings.run_ms)}`,
  );
}
