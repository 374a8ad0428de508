import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { UsageError } from '../errors.js';
import { ranksAsked, rollout } from '../explain/index.js';
import { colormap, overlay, rangeOf, type ColormapName, type Picture } from '../image/index.js';
import {
  encodeFrames,
  readFrames,
  writeFilesAtomically,
  type FrameRange,
  type Frames,
} from '../node/index.js';
import {
  documentOf,
  Explainer,
  makeReady,
  preprocessingsOf,
  resolvedTargets,
  Stopwatch,
  whyNoNumbers,
  type ComputedMap,
  type ExplanationDocument,
} from '../pipeline/index.js';
import { drawMap, fittingColormap } from '../report/index.js';
import { aboutPicture, type Circumstances } from './about-picture.js';
import { openDevice } from './device.js';
import {
  checkOptions,
  checkRequest,
  notEmpty,
  type ExplainOptions,
  type RawExplainOptions,
  type Request,
} from './explain-options.js';
import { printHeader } from './explain-report.js';
import { FrameFiles } from './frame-files.js';
import { Interrupted, Interruption } from './interruption.js';
import { complain, legibleJson, tell } from './legible.js';
import { openAsked } from './open-asked.js';
import { refuseUnfaithful, toPerson } from './paths.js';
import { standardInput } from './picture-sources.js';
import { makeFolder, removeIfEmpty } from './results-folder.js';
import { withFeatures } from './similar-pictures.js';

const ofSinglePictures = ['ablate', 'save', 'html', 'measure', 'panel', 'strip', 'sweep', 'objects'] as const;

/** What a file tells of all frames: each a document of its own. */
export const framesSchema = 'vitrine-frames-1';

/**
 * Explains moving pictures, frame by frame with one program, and writes each map as an animation, all of whose frames share one
 * scale. What is explained is chosen by the first frame: a rank becomes the class that has it there.
 * @returns the exit status: 0, or a shell's if it was interrupted
 */
export async function explainFrames(
  asked: RawExplainOptions & { readonly frames: string },
  positional: readonly string[],
): Promise<number> {
  // A panel does not move: what was looked at does, if nothing else is named.
  const raw = { ...asked, method: asked.method ?? rollout.name };
  const options = checkOptions(raw, positional);
  const range = frameRangeOf(raw.frames);
  for (const name of ofSinglePictures) {
    if (raw[name] !== undefined) {
      throw new UsageError(`--${name} is of single pictures; leave it out with --frames.`);
    }
  }
  if (options.images.includes(standardInput)) {
    throw new UsageError('--frames takes files and folders; save what comes from the standard input first.');
  }
  await refuseUnfaithful('--out', options.out);
  const moving: Frames[] = [];
  for (const image of options.images) moving.push(await readFrames(image, range));
  const made = await makeFolder(options.out);
  const tally = { explained: 0 };
  try {
    await explainAll(raw, options, moving, tally);
    return 0;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    complain(`stopped; ${tally.explained} of ${moving.length} moving pictures were explained.`);
    return error.status;
  } finally {
    if (tally.explained === 0) await removeIfEmpty(made);
  }
}

/** `3-9`, `3`, or `all`. */
function frameRangeOf(text: string): FrameRange {
  const given = notEmpty('--frames', text).trim();
  if (given === 'all') return undefined;
  const found = /^(\d+)(?:-(\d+))?$/.exec(given);
  const [first = NaN, last = first] = (found ?? []).slice(1).filter(Boolean).map(Number);
  if (first <= last) return [first, last];
  throw new UsageError(
    `--frames is "${text}"; give the first and the last frame, counted from 0, such as 0-9, or all.`,
  );
}

async function explainAll(
  raw: RawExplainOptions,
  options: ExplainOptions,
  moving: readonly Frames[],
  tally: { explained: number },
): Promise<void> {
  let files!: FrameFiles;
  const { opened, checked: request } = await openAsked(
    options,
    (asked) => checkRequest(raw, options, asked),
    async (checked, model) => {
      files = new FrameFiles(moving, options, { ...options, score: checked.score, model });
      await files.refuseAtOnce(checked);
    },
  );
  const stopwatch = new Stopwatch<'load' | 'compile'>();
  const device = await openDevice(options);
  const { backend } = device;
  stopwatch.lap('load');
  const interruption = new Interruption();
  const { signal } = interruption;
  try {
    const explainer = await Explainer.create(opened, backend, {
      methods: request.methods,
      targets: Math.max(1, request.targets.length),
      ranks: ranksAsked(request.targets),
      features: opened.output !== 'classes',
      score: request.score,
      weights: opened.weights,
      stopwatch,
      signal,
    });
    const shared = { loaded: { ...opened, weights: await opened.weights }, backend, stopwatch };
    if (!options.json) printHeader(shared, device);
    for (const [i, frames] of moving.entries()) {
      const path = options.images[i];
      const explained = await explainEach(explainer, request, shared, frames, path, signal);
      const generator = files.markOf(i);
      const named = explained.maps.map(([map]) => files.of(i, map));
      const written = await Promise.all(
        explained.maps.map(async (maps, m) => {
          const pictures = drawFrames(frames.pictures, maps, options.colormap);
          const documents = explained.documents.map((one) => documentOfOne(one, m));
          const told = { generator, schema: framesSchema, frames: documents };
          return [
            { path: named[m].drawn, data: await encodeFrames({ ...frames, pictures }) },
            { path: named[m].document, data: `${legibleJson(told, 1)}\n` },
          ];
        }),
      );
      const all = written.flat();
      signal.throwIfAborted();
      await files.refuse(
        i,
        all.map((file) => file.path),
      );
      await writeFilesAtomically(all);
      tally.explained++;
      if (options.json) for (const document of explained.documents) console.log(legibleJson(document));
      else {
        print(
          path,
          explained.documents,
          named.map(({ drawn }) => drawn),
        );
      }
    }
    explainer.dispose();
  } finally {
    interruption.stop();
    backend.destroy();
  }
}

/** What was found out about the frames of one picture. */
interface ExplainedFrames {
  /** Map by map, and of each frame by frame. */
  readonly maps: readonly (readonly ComputedMap[])[];
  /** Of each frame. */
  readonly documents: readonly ExplanationDocument[];
}

async function explainEach(
  explainer: Explainer,
  request: Request,
  shared: Circumstances,
  { pictures, first }: Frames,
  path: string,
  signal: AbortSignal,
): Promise<ExplainedFrames> {
  const { loaded } = shared;
  const sha256 = await loaded.weights.sha256();
  const preprocessings = preprocessingsOf(request.methods, loaded.preprocessing);
  let targets = await withFeatures(request.targets, async (picture) => {
    const any = request.targets.map(() => ({ kind: 'norm' }) as const);
    return (await explainer.explain([explainer.makeReady(picture)], [any]))[0].logits;
  });
  const found: (readonly ComputedMap[])[] = [];
  const documents: ExplanationDocument[] = [];
  for (const [i, picture] of pictures.entries()) {
    // A backend of this process may leave no other chance to hear that somebody wants to stop.
    await setImmediate();
    const start = performance.now();
    const ready = makeReady(picture, preprocessings);
    const runStart = performance.now();
    const [explained] = await explainer.explain([ready], [targets], { signal });
    const run_ms = performance.now() - runStart;
    targets = resolvedTargets(targets, explained.logits);
    const wrong = explained.maps.map(whyNoNumbers).find((why) => why !== undefined);
    if (wrong !== undefined) throw new UsageError(`${path}, frame ${first + i}: ${wrong}.`);
    const source = {
      name: path,
      path,
      file: basename(path),
      identity: path,
      read: () => Promise.resolve(picture),
    };
    const about = aboutPicture(shared, source, picture, { sha256, start, run_ms });
    documents.push(
      documentOf(explained, loaded.output === 'classes' ? loaded.labels : [], {
        ...about,
        image: { ...about.image, frame: first + i },
      }),
    );
    found.push(explained.maps);
  }
  return { maps: found[0].map((_, map) => found.map((frame) => frame[map])), documents };
}

function documentOfOne(document: ExplanationDocument, map: number): ExplanationDocument {
  return { ...document, explanations: [document.explanations[map]] };
}

/** A map of each frame over it, all on one scale; of a view, a sheet of each, in which each map has its own. */
function drawFrames(
  pictures: readonly Picture[],
  maps: readonly ComputedMap[],
  given: ColormapName | undefined,
): readonly Picture[] {
  const name = given ?? fittingColormap(maps[0]);
  if (maps[0].captions !== undefined) return maps.map((map, i) => drawMap(pictures[i], map, given));
  const range = rangeOf(
    maps.flatMap(({ values }) => Array.from(values)),
    colormap(name).diverging,
  );
  return maps.map((map, i) => overlay(pictures[i], map, map.geometry, { colormap: name, range }));
}

function print(path: string, documents: readonly ExplanationDocument[], files: readonly string[]): void {
  tell('');
  tell(toPerson(path));
  for (const { image, predictions } of documents) {
    const [best] = predictions;
    const said =
      predictions.length === 0
        ? ''
        : `  ${(100 * best.probability).toFixed(1)} %  ${best.label} (${best.index})`;
    tell(`  frame ${image.frame ?? 0}${said}`);
  }
  for (const file of files) tell(`  ${toPerson(file)}`);
}
