import type { Backend } from '../compiler/backend.js';
import { UsageError } from '../errors.js';
import type { ClassTarget } from '../explain/index.js';
import { originalSize, type ColormapName } from '../image/index.js';
import {
  encodeAnimation,
  encodePng,
  writeFilesAtomically,
  type FileToWrite,
  type LoadedModel,
} from '../node/index.js';
import {
  documentOf,
  whyNoNumbers,
  type Explanation,
  type ExplanationDocument,
  type Explainer,
  type Stopwatch,
} from '../pipeline/index.js';
import { rasterise } from '../report/index.js';
import { inWords } from './demo-model.js';
import type { Request } from './explain-options.js';
import type { FigureContent } from './figures.js';
import type { OpenedPicture } from './opened-picture.js';
import { legibleJson } from './legible.js';
import { marked } from './marks.js';
import type { Results, ResultFiles } from './results.js';
import { withProbable } from './shown-maps.js';

/** What all pictures of a call share. */
export interface Exhibition {
  readonly loaded: LoadedModel;
  readonly backend: Backend;
  readonly explainer: Explainer;
  readonly request: Request;
  readonly targets: readonly ClassTarget[];
  /** Undefined: what suits the map. */
  readonly colormap: ColormapName | undefined;
  readonly results: Results;
  readonly stopwatch: Stopwatch<'load' | 'compile'>;
  readonly signal: AbortSignal;
}

/** What was found out about a picture, and where it is. */
export interface Exhibited {
  readonly document: ExplanationDocument;
  readonly figures: readonly WrittenFigure[];
}

/** A figure that was written, and what is on it. */
export interface WrittenFigure {
  /** What it is called, if not after what is on it. */
  readonly title: string | undefined;
  readonly files: ResultFiles;
  readonly explanations: readonly Explanation[];
}

/**
 * Explains one picture and writes its files, or none: for each figure a picture and a document, which is the one that is returned
 * with what is on it alone. A document takes its name after the picture, so that whoever finds it finds what it names.
 * @param position of the picture among all
 */
export async function explainPicture(
  shared: Exhibition,
  { source, content }: OpenedPicture,
  position: number,
): Promise<Exhibited> {
  const { loaded, backend, explainer, request, targets, results, stopwatch, signal } = shared;
  const start = performance.now();
  const { picture, ready } = await content;
  const runStart = performance.now();
  const running = explainer.explain([ready], [targets], { signal });
  // What takes a while and needs no device.
  const [[computed], sha256] = await Promise.all([running, loaded.weights.sha256()]);
  const run_ms = performance.now() - runStart;
  const explained = withProbable(computed, request.least);
  const { maps } = explained;
  const wrong = maps.map(whyNoNumbers).find((why) => why !== undefined);
  if (wrong !== undefined) throw new UsageError(`${source.name}: ${wrong}.`);
  const generator = results.markOf(position);
  const figures = request.figure
    .figures(maps, request, results.naming)
    .map((figure) => ({ ...figure, files: results.filesOf(position, figure.name, request.figure) }));
  const [load_ms, compile_ms] = [stopwatch.of('load'), stopwatch.of('compile')];
  const { name, weights, labels, output, fallback, concluded } = loaded;
  const { path } = source;
  const document = documentOf(
    explained,
    output === 'classes' ? labels : [],
    {
      generator,
      image: {
        ...(path === undefined ? {} : { path }),
        ...originalSize(picture),
        ...(picture.note === undefined ? {} : { note: picture.note }),
      },
      model: {
        name,
        weights: weights.path,
        sha256,
        ...(concluded.length === 0 ? {} : { concluded }),
        ...(fallback ? { note: `This is ${inWords(fallback)}. For DeiT-tiny, ${fallback.remedy}.` } : {}),
      },
      device: { backend: backend.name, adapter: backend.adapter },
      timings: { load_ms, compile_ms, run_ms, total_ms: load_ms + compile_ms + performance.now() - start },
    },
    maps.map((map) => figures.find((figure) => figure.maps.includes(map))!.files.drawn),
  );
  const written = figures.map(({ files, maps: shown }) => ({
    title: request.figure.title,
    files,
    maps: shown,
    explanations: shown.map((map) => document.explanations[maps.indexOf(map)]),
  }));
  const drawn = await Promise.all(
    written.map(async ({ files, maps: shown, explanations }) => {
      const content = {
        title: source.file,
        picture,
        maps: shown,
        document: { ...document, explanations },
        colormap: shared.colormap,
      };
      return drawnFiles(files, content, request, generator);
    }),
  );
  const files = figures.map((figure) => figure.files);
  await results.refuseLate(position, files);
  await writeFilesAtomically(
    written.flatMap(({ files: { document: path }, explanations }, figure) => [
      ...drawn[figure],
      { path, data: `${legibleJson({ ...document, explanations }, 1)}\n` },
    ]),
  );
  return { document, figures: written };
}

/** The picture of a figure, and the one that moves. */
async function drawnFiles(
  { drawn, animation }: ResultFiles,
  content: FigureContent,
  { figure }: Request,
  generator: string,
): Promise<FileToWrite[]> {
  const still = { path: drawn, data: marked(encodePng(rasterise(figure.draw(content))), generator) };
  if (animation === undefined || figure.animation === undefined) return [still];
  const { format, frames } = figure.animation;
  const moving = await encodeAnimation(frames(content).map(rasterise), format);
  return [still, { path: animation, data: marked(moving, generator) }];
}
