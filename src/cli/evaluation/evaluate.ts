import { createHash } from 'node:crypto';
import { join, relative } from 'node:path';
import { UsageError } from '../../errors.js';
import { summarize, type Measure } from '../../evaluate/index.js';
import { openModel, type LoadedModel, type OpenedBackend } from '../../node/index.js';
import type { DataSet } from '../../node/datasets/data-set.js';
import { openDataSet } from '../../node/datasets/open.js';
import {
  Evaluation,
  randomized,
  stagesOf,
  type EvaluatedMethod,
  type EvaluatedPicture,
} from '../../pipeline/index.js';
import { deviceInWords, openDevice } from '../device.js';
import { evenly } from '../evenly.js';
import { Interrupted, Interruption } from '../interruption.js';
import { complain, tell } from '../legible.js';
import { toPerson } from '../paths.js';
import { makeFolder, removeIfEmpty } from '../results-folder.js';
import { forEachPicture, type Round } from './each-picture.js';
import { checkEvaluateOptions, evaluatedMethods, measuresOf, type RawEvaluateOptions } from './options.js';
import { evaluatedPicture, type Recipient } from './pictures.js';
import { pictureProgress, type PictureProgress } from '../picture-progress.js';
import { generator, ResultsFile, type ResultHeader } from './results-file.js';
import { tableOf, type EvaluationTable } from './table.js';
import { refuseToReplaceTables, resultsIn, tellTable, writeTables } from './tables.js';

/** Runs that the device is to work on at a time: of two, each has its own core and none waits for another at the end of every step. */
const RUNS = 2;

/** Pictures that the models of random weights are compared on: each costs as many passes as the model has blocks. */
const RANDOMIZED = 10;

/** What is measured of models that are as they are. */
const MAPS = 'maps';

/** Everything that an evaluation works with. */
interface Work {
  readonly set: DataSet;
  readonly loaded: LoadedModel;
  readonly methods: readonly EvaluatedMethod[];
  readonly measures: readonly Measure[];
  readonly recipient: Recipient;
  readonly results: ResultsFile;
  readonly evaluation: Evaluation;
  readonly device: OpenedBackend;
  readonly signal: AbortSignal;
  readonly progress: PictureProgress;
  /** Why pictures were left out, by their names. */
  readonly skipped: Map<string, string>;
}

/**
 * Measures all methods on all pictures, or goes on where it was stopped.
 * @returns the exit status: 0, 1 if some pictures were left out, a shell's status if it was interrupted
 * @throws UsageError if none is left, or no measure has a meaning for any of them
 */
export async function evaluate(raw: RawEvaluateOptions): Promise<number> {
  const options = checkEvaluateOptions(raw);
  const set = chosenOf(await openDataSet(options.data, resultsIn(options.out, options.data)), options.only);
  const opened = await openModel(options.model);
  if (opened.output !== 'classes') {
    throw new UsageError(
      'evaluate measures explanations of classes, and this model has none; choose one that has.',
    );
  }
  const methods = evaluatedMethods(raw, options, opened.model.config);
  const measures = measuresOf(raw, set);
  const made = await makeFolder(options.out);
  const interruption = new Interruption('stopping; the same command goes on with it.');
  const { signal } = interruption;
  let device: OpenedBackend | undefined;
  let evaluation: Evaluation | undefined;
  let progress: PictureProgress | undefined;
  try {
    device = await openDevice(options.device, RUNS);
    const loaded = { ...opened, weights: await opened.weights };
    const sha256 = await loaded.weights.sha256();
    const header = headerOf({ set, loaded, methods, measures, device }, options.fit, sha256);
    const results = await ResultsFile.open(join(options.out, 'results.jsonl'), header, options.force);
    if (!results.isBegun && !options.force) await refuseToReplaceTables(options.out);
    evaluation = new Evaluation(loaded, device.backend, methods, measures);
    const recipient = { loaded, chosen: methods.map(({ chosen }) => chosen), fit: options.fit };
    const stages = stagesFor(measures, loaded);
    const some = evenly(set.pictures.length, RANDOMIZED);
    if (!options.json) tellHeader(set, loaded, device, results);
    progress = pictureProgress(set.pictures.length + stages.length * some.length);
    const skipped = new Map<string, string>();
    const work = {
      set,
      loaded,
      methods,
      measures,
      recipient,
      results,
      evaluation,
      device,
      signal,
      progress,
      skipped,
    };
    await measureAll(work);
    if (results.lines.length === 0) throw noneLeft(work);
    for (const stage of stages) await besideRandom(work, stage, some);
    progress.stop();
    progress = undefined;
    const table = tabulate(work, sha256);
    if (table.measures.length === 0) throw nothingSaid(work);
    await writeTables(options.out, table);
    if (options.json) console.log(tellTable.json(table));
    else for (const line of tellTable.lines(table, options.out)) tell(line);
    return skipped.size === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    progress?.stop();
    progress = undefined;
    complain('stopped; the same command goes on where it was.');
    return error.status;
  } finally {
    progress?.stop();
    interruption.stop();
    await evaluation?.dispose();
    device?.backend.destroy();
    await removeIfEmpty(made);
  }
}

/** @throws UsageError if the pattern fits no name */
function chosenOf(set: DataSet, only: RegExp | undefined): DataSet {
  const pictures = set.pictures.filter(({ name }) => only?.test(name) ?? true);
  if (pictures.length > 0) return { ...set, pictures };
  const [{ name }] = set.pictures;
  throw new UsageError(
    `--only "${only!.source}" fits none of ${set.pictures.length} pictures; they are called as "${name}" is.`,
  );
}

async function measureAll(work: Work): Promise<void> {
  const { evaluation, signal, set } = work;
  await measureThem(work, MAPS, [...set.pictures.keys()], (picture) => evaluation.measure(picture, signal));
}

/** The same pictures beside a model that is random down to a stage. */
async function besideRandom(work: Work, stage: string, some: readonly number[]): Promise<void> {
  const { results, set, loaded, evaluation, signal, progress } = work;
  const part = `random ${stage}`;
  if (some.every((number) => results.has(part, set.pictures[number].name))) {
    some.forEach(() => {
      progress.advance(false);
    });
    return;
  }
  const model = await randomized(loaded.model, stage, 0);
  await evaluation.besideRandom({ model, preprocessing: loaded.preprocessing }, async (besides) => {
    await measureThem(work, part, some, (picture) => besides(picture, signal));
  });
}

/** Those of the numbers, in a part. */
async function measureThem(
  { set, recipient, results, signal, progress, skipped }: Work,
  part: string,
  numbers: readonly number[],
  measure: Round<EvaluatedPicture>['measure'],
): Promise<void> {
  await forEachPicture({
    part,
    names: numbers.map((number) => set.pictures[number].name),
    read: (place) => evaluatedPicture(set.pictures[numbers[place]], numbers[place], recipient),
    measure,
    results,
    signal,
    progress,
    skipped,
  });
}

function noneLeft({ set, skipped }: Work): UsageError {
  const [[name, why]] = skipped;
  const what = set.pictures.length === 1 ? 'The one picture' : `None of ${set.pictures.length} pictures`;
  return new UsageError(
    `${what} in ${toPerson(set.folder)} can be measured; ${name}: ${why.replace(/\.$/, '').replaceAll('. ', '; ')}.`,
  );
}

/** Such as telling objects apart, where every picture has one. */
function nothingSaid({ measures }: Work): UsageError {
  const names = measures.map(({ name }) => name).join(', ');
  return new UsageError(`${names} cannot be told of any map of these pictures; choose another --measure.`);
}

/** Down to where models are made random: none unless it is asked for. */
function stagesFor(measures: readonly Measure[], { model }: LoadedModel): readonly string[] {
  return measures.some(({ needs }) => needs === 'randomized') ? stagesOf(model) : [];
}

/**
 * What decides about the numbers, as far as it is known before pictures are read: names, classes and masks' paths below the folder,
 * which may be moved. Threads do not.
 */
function headerOf(
  {
    set,
    loaded,
    methods,
    measures,
    device,
  }: Pick<Work, 'set' | 'loaded' | 'methods' | 'measures' | 'device'>,
  fit: string | undefined,
  sha256: string,
): ResultHeader {
  const pictures = set.pictures.map(({ name, objects }) => [
    name,
    objects.map(({ class: of, mask }) => [of, mask && relative(set.folder, mask.path)]),
  ]);
  return {
    generator,
    model: loaded.name,
    size: loaded.model.config.imageSize,
    sha256,
    backend: device.backend.name,
    preprocessing: loaded.preprocessing,
    fit: fit ?? 'by size',
    labels: digestOf(loaded.labels),
    measures: measures.map(({ name }) => name),
    methods: methods.map(({ name, chosen, score }) => ({ name, options: chosen.options, score })),
    pictures: set.pictures.length,
    data: digestOf(pictures),
  };
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

function tabulate(
  { set, loaded, measures, results, device, skipped }: Work,
  sha256: string,
): EvaluationTable {
  const numbers = new Map(set.pictures.map(({ name }, number) => [name, number]));
  const taken = [...new Set(results.lines.map(({ picture }) => picture))];
  const places = new Map(
    taken.sort((a, b) => numbers.get(a)! - numbers.get(b)!).map((name, place) => [name, place]),
  );
  const maps = results.lines.map((line) => ({ ...line, picture: places.get(line.picture)! }));
  const about = {
    data: toPerson(set.folder),
    layout: set.layout,
    model: loaded.name,
    sha256,
    backend: device.backend.name,
    pictures: taken.length,
    skipped: [...skipped].map(([picture, why]) => ({ picture, why })),
  };
  return tableOf(about, measures, summarize(maps, measures, taken.length));
}

function tellHeader(set: DataSet, { name }: LoadedModel, device: OpenedBackend, results: ResultsFile): void {
  tell(`model   ${name}`);
  tell(`device  ${deviceInWords(device)}`);
  tell(`data    ${toPerson(set.folder)}: ${set.pictures.length} pictures (${set.layout})`);
  const there = new Set(results.lines.map(({ picture }) => picture)).size;
  if (there > 0) tell(`        ${there} of them are measured already, in ${toPerson(results.path)}`);
}
