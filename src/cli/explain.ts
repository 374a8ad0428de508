import { VitrineError } from '../errors.js';
import { openBackend, openModel, type OpenedModel } from '../node/index.js';
import { Explainer, preprocessingsOf, Stopwatch, type ExplanationDocument } from '../pipeline/index.js';
import { inWords } from './demo-model.js';
import {
  checkOptions,
  checkRequest,
  type ExplainOptions,
  type RawExplainOptions,
  type Request,
} from './explain-options.js';
import { explainPicture, type Exhibition } from './explain-picture.js';
import { INTERRUPTED, Interruption } from './interruption.js';
import { openPicture, type OpenedPicture } from './opened-picture.js';
import { toPerson } from './paths.js';
import { makeFolder, removeIfEmpty, resultFiles, type ResultFiles } from './results.js';

/**
 * Explains all pictures with one model and one program. A picture that fails is reported and the others are
 * still done. If all fail, no folder that was made for the results is left.
 * @param positional pictures given without --image
 * @returns the exit status: 0, 1 if some pictures failed, 2 if all did, 130 if it was interrupted
 */
export async function explainAll(raw: RawExplainOptions, positional: readonly string[]): Promise<number> {
  const options = checkOptions(raw, positional);
  const { images, out } = options;
  const files = resultFiles(images, out);
  const made = await makeFolder(out);
  const tally: Tally = { explained: 0, failed: 0 };
  const interruption = new Interruption();
  try {
    const opened = await openModel({ name: options.model, weights: options.weights });
    const request = checkRequest(raw, options, opened);
    await explainEach(options, request, opened, files, tally, interruption.signal);
  } catch (error) {
    const { signal } = interruption;
    if (!signal.aborted || error !== signal.reason) throw error;
    console.error(`vitrine: stopped; ${tally.explained} of ${images.length} pictures were explained.`);
    return INTERRUPTED;
  } finally {
    interruption.stop();
    if (tally.explained === 0) await removeIfEmpty(made);
  }
  if (tally.failed === 0) return 0;
  if (images.length > 1) {
    console.error(`vitrine: ${tally.failed} of ${images.length} pictures could not be explained.`);
  }
  return tally.explained > 0 ? 1 : 2;
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
  signal: AbortSignal,
): Promise<void> {
  // Read while the model is loaded and compiled, and each further picture while the one before it is explained.
  const preprocessings = preprocessingsOf(request.methods, opened.preprocessing);
  let next: OpenedPicture = openPicture(options.images[0], preprocessings);
  const stopwatch = new Stopwatch<'load' | 'compile'>();
  const { backend, reason } = await openBackend(options.device, options);
  stopwatch.lap('load');
  try {
    const explainer = await Explainer.create(opened, backend, {
      methods: request.methods,
      targets: request.targets.length,
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
    explainer.dispose();
  } finally {
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
  for (const { index, label, probability } of predictions) {
    console.log(`  ${(100 * probability).toFixed(1).padStart(5)} %  ${label} (${index})`);
  }
  for (const { method, class: index, options, label, file: picture } of explanations) {
    const against = options.against === undefined ? '' : ` - ${options.against}`;
    const of = index === null ? '' : ` of ${label ?? 'class'} (${index}${against})`;
    console.log(`  ${method}${of}: ${toPerson(picture!)}`);
  }
  console.log(`  values: ${toPerson(file)}`);
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
  console.log(
    `  load ${seconds(timings.load_ms)}, compile ${seconds(timings.compile_ms)}, run ${seconds(timings.run_ms)}`,
  );
}
