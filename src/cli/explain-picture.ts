import type { Backend } from '../compiler/backend.js';
import { UsageError } from '../errors.js';
import { captioned, originalSize, type ColormapName, type Picture } from '../image/index.js';
import { encodePng, writeFilesAtomically, type LoadedModel } from '../node/index.js';
import {
  documentOf,
  drawMap,
  whyNoNumbers,
  type ComputedMap,
  type ExplanationDocument,
  type Explainer,
  type Stopwatch,
} from '../pipeline/index.js';
import { demoCaption, inWords } from './demo-model.js';
import type { Request } from './explain-options.js';
import type { OpenedPicture } from './opened-picture.js';
import { overlayFile, type ResultFiles } from './results.js';

/** What all pictures of a call share. */
export interface Exhibition {
  readonly loaded: LoadedModel;
  readonly backend: Backend;
  readonly explainer: Explainer;
  readonly request: Request;
  /** Undefined: what suits the map. */
  readonly colormap: ColormapName | undefined;
  readonly stopwatch: Stopwatch<'load' | 'compile'>;
  readonly signal: AbortSignal;
}

/**
 * Explains one picture and writes its files, or none; the document takes its name last, so that whoever finds it
 * finds what it names.
 */
export async function explainPicture(
  shared: Exhibition,
  { path, content }: OpenedPicture,
  files: ResultFiles,
): Promise<ExplanationDocument> {
  const { loaded, backend, explainer, request, stopwatch, signal } = shared;
  const start = performance.now();
  const { picture, ready } = await content;
  const runStart = performance.now();
  const running = explainer.explain([ready], [request.targets], { signal });
  // What takes a while and needs no device.
  const sha256 = loaded.weights.sha256();
  const [explained] = await running;
  const run_ms = performance.now() - runStart;
  const wrong = explained.maps.map(whyNoNumbers).find((why) => why !== undefined);
  if (wrong !== undefined) throw new UsageError(`${path}: ${wrong}.`);
  const drawn = explained.maps.map((map) => ({
    path: overlayFile(files.stem, map.method.name, classNameOf(map)),
    data: draw(picture, map, shared),
  }));
  const [load_ms, compile_ms] = [stopwatch.of('load'), stopwatch.of('compile')];
  const { name, weights, labels, fallback } = loaded;
  const document = documentOf(
    explained,
    labels,
    {
      image: {
        path,
        ...originalSize(picture),
        ...(picture.note === undefined ? {} : { note: picture.note }),
      },
      model: {
        name,
        weights: weights.path,
        sha256,
        ...(fallback ? { note: `This is ${inWords(fallback)}. For DeiT-tiny, ${fallback.remedy}.` } : {}),
      },
      device: { backend: backend.name, adapter: backend.adapter },
      timings: { load_ms, compile_ms, run_ms, total_ms: load_ms + compile_ms + performance.now() - start },
    },
    drawn.map((file) => file.path),
  );
  const json = { path: files.document, data: `${JSON.stringify(document, null, 1)}\n` };
  await writeFilesAtomically([...drawn, json]);
  return document;
}

function draw(picture: Picture, map: ComputedMap, { loaded, colormap }: Exhibition): Uint8Array {
  const heat = drawMap(picture, map, colormap);
  return encodePng(loaded.fallback ? captioned(heat, demoCaption) : heat);
}

/** `87`, or `87-161` for a contrast. */
function classNameOf({ target }: ComputedMap): string | undefined {
  if (!target) return undefined;
  return target.against === undefined ? `${target.index}` : `${target.index}-${target.against}`;
}
