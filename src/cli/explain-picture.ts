import { UsageError } from '../errors.js';
import type { ClassTarget } from '../explain/index.js';
import type { ColormapName, Picture } from '../image/index.js';
import { encodeFrames, encodePngBeside, writeFilesAtomically, type FileToWrite } from '../node/index.js';
import {
  appraise,
  documentOf,
  findObjects,
  resolvedTargets,
  whyNoNumbers,
  type AblatedPicture,
  type ComputedMap,
  type ExplainedPicture,
  type Explanation,
  type ExplanationDocument,
  type Explainer,
  type ReadyPicture,
  type Remover,
} from '../pipeline/index.js';
import { aboutPicture, type Circumstances } from './about-picture.js';
import { rasterise } from '../report/index.js';
import { ablationInWords, type AskedAblation } from './ablation.js';
import type { Request } from './explain-options.js';
import type { FigureContent } from './figures.js';
import type { OpenedPicture } from './opened-picture.js';
import type { Pages } from './pages.js';
import { legibleJson } from './legible.js';
import { marked } from './marks.js';
import { namingOfTensors, npyOf, tensorsMaker, type AskedSaving, type TensorFiles } from './saved.js';
import { resultName } from './result-names.js';
import type { Results, ResultFiles } from './results.js';
import { areShown } from './shown-maps.js';

/** What all pictures of a call share. */
export interface Exhibition extends Circumstances {
  readonly explainer: Explainer;
  readonly request: Request;
  /** Present if maps are to be measured. */
  readonly remover: Remover | undefined;
  readonly targets: readonly ClassTarget[];
  /** What each picture is also explained without. */
  readonly ablation: AskedAblation | undefined;
  readonly saving: AskedSaving;
  /** What makes files of tensors of all layers, if any were asked for. */
  readonly tensors: TensorFiles | undefined;
  /** What makes pages, if they were asked for. */
  readonly pages: Pages | undefined;
  /** Undefined: what suits the map. */
  readonly colormap: ColormapName | undefined;
  readonly results: Results;
  readonly signal: AbortSignal;
}

/** What was found out about a picture, and where it is. */
export interface Exhibited {
  readonly document: ExplanationDocument;
  readonly figures: readonly WrittenFigure[];
  /** Of tensors of all layers, if they were asked for. */
  readonly tensors?: string;
  /** Its page, if one was asked for. */
  readonly page?: string;
}

/** A figure that was written, and what is on it. */
export interface WrittenFigure {
  readonly picture: Picture;
  /** What it is called, if not after what is on it. */
  readonly title: string | undefined;
  readonly files: Pick<ResultFiles, 'drawn' | 'document'>;
  /** The maps one after the other, if that was written. */
  readonly animation: string | undefined;
  /** What was written beside picture and document. */
  readonly beside: readonly string[];
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
  const { loaded, explainer, request, remover, targets, saving, tensors, pages, results, signal } = shared;
  const start = performance.now();
  const { picture, ready } = await content;
  const runStart = performance.now();
  const running = explainer.explain([ready], [targets], { signal });
  // What takes a while and needs no device.
  const [[found], sha256] = await Promise.all([running, loaded.weights.sha256()]);
  const shown = areShown(found, request.least);
  const those = <Each>(each: readonly Each[]): readonly Each[] => each.filter((_, i) => shown[i]);
  const kept = { ...found, maps: those(found.maps) };
  const explained = remover ? await appraise(kept, ready, remover, signal) : kept;
  const all = await explainAblated(shared, ready, found);
  const ablated = all && { ...all, maps: those(all.maps) };
  const run_ms = performance.now() - runStart;
  const wrong = [...explained.maps, ...(ablated?.maps ?? [])]
    .map(whyNoNumbers)
    .find((why) => why !== undefined);
  if (wrong !== undefined) throw new UsageError(`${source.name}: ${wrong}.`);
  const generator = results.markOf(position);
  const maps = withObjects(explained, request);
  const figures = request.figure
    .figures(maps, request, results.naming)
    .map((figure) => ({ ...figure, files: results.filesOf(position, figure.name) }));
  const document = documentOf(
    { ...explained, maps },
    loaded.output === 'classes' ? loaded.labels : [],
    aboutPicture(shared, source, picture, { generator, sha256, start, run_ms }),
    maps.map((map) => figures.find((figure) => figure.maps.includes(map))!.files.drawn),
    ablated,
  );
  const tensorFile = await tensors?.of(picture, explained.logits, document, (className) => {
    const name = resultName(tensorsMaker(saving), className, namingOfTensors(results.naming));
    return results.filesOf(position, name).tensors;
  });
  const asAblated = (places: readonly number[]): FigureContent['ablated'] =>
    ablated && {
      maps: places.map((place) => ablated.maps[place]),
      words: ablationInWords({ parts: ablated.names, by: ablated.by }),
    };
  const toWrite: FileToWrite[] = tensorFile ? [tensorFile] : [];
  const written: WrittenFigure[] = [];
  // Beside what is done from here on.
  const compressed: Promise<FileToWrite>[] = [];
  for (const { files, maps: own } of figures) {
    const places = own.map((map) => maps.indexOf(map));
    const explanations = places.map((place) => document.explanations[place]);
    const content: FigureContent = {
      title: source.file,
      position,
      classes: loaded.output === 'classes' ? loaded.labels.length : 0,
      picture,
      maps: own,
      document: { ...document, explanations },
      colormap: shared.colormap,
      ablated: asAblated(places),
    };
    const moving = await animated(files, content, request);
    const beside = Object.entries(request.figure.beside ?? {}).map(([ending, make]) => ({
      path: `${files.stem}.${ending}`,
      data: `${legibleJson(make(content))}\n`,
    }));
    const drawn = rasterise(request.figure.draw(content));
    compressed.push(
      encodePngBeside(drawn).then((png) => ({ path: files.drawn, data: marked(png, generator) })),
    );
    toWrite.push(
      { path: files.document, data: `${legibleJson(content.document, 1)}\n` },
      ...beside,
      ...(moving ? [moving] : []),
      ...(saving.maps ? [{ path: files.array, data: npyOf(own, content.ablated?.maps) }] : []),
    );
    written.push({
      picture: drawn,
      title: request.figure.title,
      files,
      animation: moving?.path,
      beside: beside.map(({ path }) => path),
      explanations,
    });
  }
  const page = await pages?.of(position, {
    ...{ title: source.file, picture, document, maps, colormap: shared.colormap },
    ablated: asAblated([...maps.keys()]),
    attention: found.attention,
  });
  const files = [...(await Promise.all(compressed)), ...toWrite];
  await results.refuseLate(
    position,
    files.map(({ path }) => path),
  );
  await writeFilesAtomically(page ? [...files, page.file] : files);
  page?.isWritten();
  return {
    ...{ document, figures: written },
    ...(tensorFile ? { tensors: tensorFile.path } : {}),
    ...(page ? { page: page.file.path } : {}),
  };
}

/** The maps with the objects that they show, if those are looked for. */
function withObjects(
  { maps, logits }: ExplainedPicture,
  { threshold }: Pick<Request, 'threshold'>,
): readonly ComputedMap[] {
  if (threshold === undefined) return maps;
  return maps.map((map) => ({ ...map, objects: findObjects(map, logits, threshold) }));
}

/** How long a frame stays. */
const pause_ms = 400;

/** The maps of a figure one after the other, if that was asked for. */
async function animated(
  { stem }: ResultFiles,
  content: FigureContent,
  { figure: { animation } }: Request,
): Promise<FileToWrite | undefined> {
  if (!animation) return undefined;
  const { format } = animation;
  const pictures = animation.frames(content).map(rasterise);
  const data = await encodeFrames({ pictures, delays: pictures.map(() => pause_ms), format });
  return { path: `${stem}.${format}`, data };
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
