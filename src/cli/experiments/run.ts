import { UsageError, VitrineError } from '../../errors.js';
import { ranksAsked, rollout, type ClassTarget } from '../../explain/index.js';
import type { ColormapName } from '../../image/index.js';
import { encodePng, writeFilesAtomically } from '../../node/index.js';
import { documentOf, Stopwatch, whyNoNumbers, type ExplanationDocument } from '../../pipeline/index.js';
import { fittingColormap, rasterise, withWords } from '../../report/index.js';
import { aboutPicture, type Circumstances } from '../about-picture.js';
import { demoCaption } from '../demo-model.js';
import { openDevice } from '../device.js';
import { checkOptions, checkTargets, type AskedTargets, type ExplainOptions } from '../explain-options.js';
import { printHeader, printResult } from '../explain-report.js';
import { Interrupted, Interruption } from '../interruption.js';
import { complain, legibleJson } from '../legible.js';
import { marked } from '../marks.js';
import { openAsked, type OpenedFor } from '../open-asked.js';
import { openPicture, type OpenedPicture } from '../opened-picture.js';
import { refuseUnfaithful } from '../paths.js';
import { sourcesOf, type PictureSource } from '../picture-sources.js';
import { classNameOf, expectedNames, resultName, type NamedMethod } from '../result-names.js';
import { makeFolder, removeIfEmpty } from '../results-folder.js';
import { Results } from '../results.js';
import { withFeatures } from '../similar-pictures.js';
import { csvOf } from './csv.js';
import type { Experiment, RawExperimentOptions, RunningExperiment } from './experiment.js';
import { titleOf } from './title.js';

/** What is asked of a model. */
interface Asked extends AskedTargets {
  readonly methods: readonly NamedMethod[];
}

/**
 * Does an experiment on each picture, with one model and its programs. As with `explain`, a picture that fails is reported and the
 * others are still done.
 * @param positional pictures given without --image
 * @returns the exit status: 0, 1 if some pictures failed, 2 if all did, a shell's status if it was interrupted
 */
export async function runExperiment(
  experiment: Experiment,
  raw: RawExperimentOptions,
  positional: readonly string[],
): Promise<number> {
  // Which methods `explain` would take does not matter here.
  const options = checkOptions({ ...raw, method: rollout.name }, positional);
  for (const [option, path] of Object.entries({
    '--weights': options.weights,
    '--labels': options.labels,
    '--out': options.out,
  })) {
    await refuseUnfaithful(option, path);
  }
  const sources = await sourcesOf(options.images);
  const made = await makeFolder(options.out);
  let done = 0;
  try {
    for await (const succeeded of results(experiment, raw, options, sources)) done += Number(succeeded);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    complain(`stopped; ${done} of ${sources.length} pictures were done.`);
    return error.status;
  } finally {
    if (done === 0) await removeIfEmpty(made);
  }
  if (done === sources.length) return 0;
  if (sources.length > 1) complain(`${sources.length - done} of ${sources.length} pictures failed.`);
  return done > 0 ? 1 : 2;
}

/** Whether each picture was done, one after the other. */
async function* results(
  experiment: Experiment,
  raw: RawExperimentOptions,
  options: ExplainOptions,
  sources: readonly PictureSource[],
): AsyncGenerator<boolean> {
  let files!: Results;
  const { opened, checked }: OpenedFor<Asked> = await openAsked(
    options,
    (asked) => {
      const methods = experiment.makers(raw, asked.config);
      return { methods, ...checkTargets(raw, asked, methods[0].method.name) };
    },
    async (request, model) => {
      files = new Results(sources, { ...options, ...request, model, endings: ['.png', '.json', '.csv'] });
      await files.refuseAtOnce(expectedNames(request, files.naming));
    },
  );
  const stopwatch = new Stopwatch<'load' | 'compile'>();
  const device = await openDevice(options);
  const { backend } = device;
  stopwatch.lap('load');
  const interruption = new Interruption();
  const { signal } = interruption;
  try {
    const running = await experiment.create(opened, backend, {
      ...checked.methods[0].options,
      targets: checked.targets.length,
      ranks: ranksAsked(checked.targets),
      features: opened.output !== 'classes',
      score: checked.score,
      weights: opened.weights,
      stopwatch,
      signal,
    });
    const loaded = { ...opened, weights: await opened.weights };
    const targets = await withFeatures(checked.targets, async (picture) => {
      // Any targets: what is wanted are the features.
      const any = checked.targets.map(() => ({ kind: 'norm' }) as const);
      return (await running.run(running.makeReady(picture), any, { signal })).logits;
    });
    const shared = { loaded, backend, stopwatch, experiment, running, targets, files, signal };
    if (!options.json) printHeader(shared, device);
    for (const [position, source] of sources.entries()) {
      try {
        const { document, lines } = await onPicture(
          { ...shared, colormap: options.colormap },
          openPicture(source, [opened.preprocessing]),
          position,
        );
        if (options.json) console.log(legibleJson(document));
        else printResult(source.name, document, { figures: lines });
        yield true;
      } catch (error) {
        if (!(error instanceof VitrineError)) throw error;
        complain(error.message);
        yield false;
      }
    }
    running.dispose();
  } finally {
    interruption.stop();
    backend.destroy();
  }
}

/** What all pictures of a call share. */
interface Laboratory extends Circumstances {
  readonly experiment: Experiment;
  readonly running: RunningExperiment;
  readonly targets: readonly ClassTarget[];
  readonly files: Results;
  readonly colormap: ColormapName | undefined;
  readonly signal: AbortSignal;
}

/** Does it on one picture and writes its files, or none: for each map a picture, a table and a document. */
async function onPicture(
  shared: Laboratory,
  { source, content }: OpenedPicture,
  position: number,
): Promise<{ document: ExplanationDocument; lines: Parameters<typeof printResult>[2]['figures'] }> {
  const { experiment, running, loaded, targets, files, colormap, signal } = shared;
  const start = performance.now();
  const { picture, ready } = await content;
  const runStart = performance.now();
  const [{ logits, maps }, sha256] = await Promise.all([
    running.run(ready[0], targets, { signal }),
    loaded.weights.sha256(),
  ]);
  const run_ms = performance.now() - runStart;
  const wrong = maps.map(whyNoNumbers).find((why) => why !== undefined);
  if (wrong !== undefined) throw new UsageError(`${source.name}: ${wrong}.`);
  const generator = files.markOf(position);
  const written = maps.map((map) => {
    return files.filesOf(position, resultName(map, classNameOf(map), files.naming));
  });
  const document = documentOf(
    { logits, maps },
    loaded.output === 'classes' ? loaded.labels : [],
    aboutPicture(shared, source, picture, { generator, sha256, start, run_ms }),
    written.map(({ drawn }) => drawn),
  );
  const { explanations } = document;
  const drawn = maps.map((map, i) => {
    const heat = experiment.draw(picture, map, titleOf(document, explanations[i]), colormap);
    const said = loaded.fallback ? withWords(heat, demoCaption) : heat;
    return marked(encodePng(rasterise(said)), generator);
  });
  const toWrite = written.flatMap((file, i) => [
    { path: file.drawn, data: drawn[i] },
    { path: file.document, data: `${legibleJson({ ...document, explanations: [explanations[i]] }, 1)}\n` },
    { path: file.table, data: csvOf(explanations[i]) },
  ]);
  await files.refuseLate(
    position,
    toWrite.map(({ path }) => path),
  );
  await writeFilesAtomically(toWrite);
  const lines = written.map((file, i) => ({
    files: file,
    explanations: [explanations[i]],
    more: experiment.lines(explanations[i], colormap ?? fittingColormap(maps[i])),
  }));
  return { document, lines };
}
