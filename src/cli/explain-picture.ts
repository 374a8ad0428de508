import { UsageError } from '../errors.js';
import type { ClassTarget } from '../explain/index.js';
import { captioned, type ColormapName, type Picture } from '../image/index.js';
import { encodePng, writeFilesAtomically } from '../node/index.js';
import {
  appraise,
  documentOf,
  drawAblated,
  drawMap,
  resolvedTargets,
  whyNoNumbers,
  type AblatedPicture,
  type ComputedMap,
  type ExplainedPicture,
  type ExplanationDocument,
  type Explainer,
  type ReadyPicture,
  type Remover,
} from '../pipeline/index.js';
import { aboutPicture, type Circumstances } from './about-picture.js';
import { demoCaption } from './demo-model.js';
import { ablationInWords, type AskedAblation } from './ablation.js';
import type { OpenedPicture } from './opened-picture.js';
import { legibleJson } from './legible.js';
import { marked } from './marks.js';
import { npyOf, tensorsMaker, type AskedSaving, type TensorFiles } from './saved.js';
import type { Results, ResultFiles } from './results.js';

/** What all pictures of a call share. */
export interface Exhibition extends Circumstances {
  readonly explainer: Explainer;
  /** Present if maps are to be measured. */
  readonly remover: Remover | undefined;
  readonly targets: readonly ClassTarget[];
  /** What each picture is also explained without. */
  readonly ablation: AskedAblation | undefined;
  readonly saving: AskedSaving;
  /** What makes files of tensors of all layers, if any were asked for. */
  readonly tensors: TensorFiles | undefined;
  /** Undefined: what suits the map. */
  readonly colormap: ColormapName | undefined;
  readonly results: Results;
  readonly signal: AbortSignal;
}

/** What was found out about a picture, and where it is. */
export interface Exhibited {
  readonly document: ExplanationDocument;
  /** Of each explanation. */
  readonly files: readonly ResultFiles[];
  /** Of tensors of all layers, if they were asked for. */
  readonly tensors?: string;
}

/**
 * Explains one picture and writes its files, or none: for each map a picture and a document, which is the one that is returned
 * with that map alone. A document takes its name after the picture, so that whoever finds it finds what it names.
 * @param position of the picture among all
 */
export async function explainPicture(
  shared: Exhibition,
  { source, content }: OpenedPicture,
  position: number,
): Promise<Exhibited> {
  const { loaded, explainer, remover, targets, saving, tensors, results, signal } = shared;
  const start = performance.now();
  const { picture, ready } = await content;
  const runStart = performance.now();
  const running = explainer.explain([ready], [targets], { signal });
  // What takes a while and needs no device.
  const [[found], sha256] = await Promise.all([running, loaded.weights.sha256()]);
  const explained = remover ? await appraise(found, ready, remover, signal) : found;
  const ablated = await explainAblated(shared, ready, explained);
  const run_ms = performance.now() - runStart;
  const wrong = [...explained.maps, ...(ablated?.maps ?? [])]
    .map(whyNoNumbers)
    .find((why) => why !== undefined);
  if (wrong !== undefined) throw new UsageError(`${source.name}: ${wrong}.`);
  const generator = results.markOf(position);
  const files = explained.maps.map((map) => results.filesOf(position, map));
  const drawn = explained.maps.map((map, number) =>
    marked(draw(picture, map, shared, ablated?.maps[number]), generator),
  );
  const document = documentOf(
    explained,
    loaded.output === 'classes' ? loaded.labels : [],
    aboutPicture(shared, source, picture, { generator, sha256, start, run_ms }),
    files.map((file) => file.drawn),
    ablated,
  );
  const saved = await tensors?.of(picture, explained.logits, document, (className) =>
    results.tensorsOf(position, tensorsMaker(saving), className),
  );
  const written = files.flatMap((file, map) => [
    { path: file.drawn, data: drawn[map] },
    { path: file.document, data: documentOfOne(document, map) },
    ...(saving.maps ? [{ path: file.array, data: npyOf(explained.maps[map]) }] : []),
  ]);
  const all = saved ? [...written, saved] : written;
  await results.refuseLate(
    position,
    all.map(({ path }) => path),
  );
  await writeFilesAtomically(all);
  return { document, files, ...(saved ? { tensors: saved.path } : {}) };
}

function documentOfOne(document: ExplanationDocument, map: number): string {
  return `${legibleJson({ ...document, explanations: [document.explanations[map]] }, 1)}\n`;
}

/** The same picture without what is taken out: the classes explained are those that it had before. */
async function explainAblated(
  { ablation, explainer, targets, signal }: Exhibition,
  ready: ReadyPicture,
  { logits }: ExplainedPicture,
): Promise<(ExplainedPicture & AblatedPicture) | undefined> {
  if (ablation === undefined) return undefined;
  const [ablated] = await explainer.explain([ready], [resolvedTargets(targets, logits)], {
    ablations: [ablation],
    signal,
  });
  return { ...ablated, names: ablation.names, by: ablation.by };
}

/** @param after the same without what was taken out, if anything was */
function draw(
  picture: Picture,
  map: ComputedMap,
  { loaded, colormap, ablation }: Exhibition,
  after: ComputedMap | undefined,
): Uint8Array {
  const heat =
    after && ablation
      ? drawAblated(picture, map, after, ablationInWords({ ...ablation, parts: ablation.names }), colormap)
      : drawMap(picture, map, colormap);
  return encodePng(loaded.fallback ? captioned(heat, demoCaption) : heat);
}
