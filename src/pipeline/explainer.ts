import { checkBackend, type Backend } from '../compiler/backend.js';
import { Program } from '../compiler/compile.js';
import { planFor } from '../compiler/build-plan.js';
import { UsageError } from '../errors.js';
import { classOfRank, type Ablation, type ClassTarget, type Score } from '../explain/index.js';
import {
  preprocess,
  type Geometry,
  type PatchMap,
  type Picture,
  type Preprocessed,
  type Preprocessing,
} from '../image/index.js';
import type { VisionTransformer } from '../models/index.js';
import {
  anObject,
  aPromise,
  expectGiven,
  expectNoOther,
  expectParts,
  optional,
  values as someValues,
  listOf,
  type Expectation,
} from '../given.js';
import { formatShape, sizeOf, type Values } from '../tensor/index.js';
import type { Appraisal } from './appraisal.js';
import { preprocessingsOf, someChosen, waysOf, type ChosenMethod } from './chosen-methods.js';
import { finished } from './finish.js';
import { aModel, planMaps, type RunSize, type MapPlan, type PlannedMap } from './map-plan.js';
import { SampledProgram, valuesOf } from './sampled-program.js';
import type { ReadAttention } from './read-attention.js';
import type { FoundObjects } from './objects/found-objects.js';
import type { Stopwatch } from './stopwatch.js';
import { unlessAborted, watchParts, type Watch } from './watch.js';

/** A picture in each of the forms that the methods ask for, in the order of `preprocessingsOf`. */
export type ReadyPicture = readonly Preprocessed[];

/** A target as it is for one picture. */
export type ResolvedTarget = Exclude<ClassTarget, { readonly kind: 'rank' }>;

/** A map with everything that must be told about it. */
export interface ComputedMap extends ChosenMethod, PatchMap {
  /** One value a patch, raw; of a view, map by map. */
  readonly values: Values;
  /** Of each map of a view. */
  readonly captions?: readonly string[] | undefined;
  /** What the classifier would say for each caption, of a view that reads it: logits, one row after the other. */
  readonly readings?: Values | undefined;
  /** Which class each patch would be taken for, of a view that reads it: caption by caption. */
  readonly votes?: Values | undefined;
  /** What its method tells beside the map, by names for people. */
  readonly numbers?: Readonly<Record<string, Values>> | undefined;
  /** What it explains; a rank has become the class that has it. Undefined for a method of no class. */
  readonly target: ResolvedTarget | undefined;
  /** What of a class it explains; undefined for a method of no class. */
  readonly score: Score | undefined;
  /** Where it lies in the picture. */
  readonly geometry: Geometry;
  /** What it should sum to, if its method promises that. */
  readonly promised?: number;
  /** What became of its class when patches were taken away, if that was asked. */
  readonly appraisal?: Appraisal;
  /** What of it is taken for objects, if that was asked. */
  readonly objects?: FoundObjects;
}

/** What was found out about one picture. */
export interface ExplainedPicture {
  /** One a class, from the picture as the first of the methods takes it. */
  readonly logits: Values;
  readonly maps: readonly ComputedMap[];
  /** Of all layers, of a program that was created with `attention`. */
  readonly attention?: ReadAttention;
}

export interface ExplainerOptions extends Partial<RunSize>, Watch {
  readonly methods: readonly ChosenMethod[];
  /** Fulfilled when the model can be compiled: a plan depends on shapes alone, so it is made meanwhile. */
  readonly weights?: Promise<unknown>;
  /** Told what was waiting for weights, `load`, and what was planning and compiling, `compile`. */
  readonly stopwatch?: Stopwatch<'load' | 'compile'>;
}

/** How pictures are explained, beside their targets. */
export interface ExplainRunOptions extends Watch {
  /** What each picture is explained without; undefined for the model as it is. Of a program that was created with `ablation`. */
  readonly ablations?: readonly (Ablation | undefined)[];
}

/** What a program is made with, but for its size, which is told of by its own words. */
const optionParts = {
  ...watchParts,
  methods: someChosen,
  weights: optional(aPromise),
  stopwatch: optional(anObject),
};

const anyAblation: Expectation = {
  words: 'an ablation',
  // What it holds is looked at where it is made an input.
  fits: (value): value is unknown => value === undefined || anObject.fits(value),
};

const runParts = {
  ...watchParts,
  ablations: optional(listOf('ablations, one for each picture', anyAblation)),
};

const lists: Expectation<readonly (readonly unknown[])[]> = {
  words: 'a list with a list for each picture',
  fits: (value): value is readonly (readonly unknown[])[] =>
    Array.isArray(value) && value.every(Array.isArray),
};

/** A model with how pictures become its input. */
export interface Subject {
  readonly model: VisionTransformer;
  readonly preprocessing: Preprocessing;
}

/** Makes a picture ready in each of the given ways. */
export function makeReady(picture: Picture, preprocessings: readonly Preprocessing[]): ReadyPicture {
  expectGiven('makeReady: the list of preprocessings', preprocessings, listOf('preprocessings', anObject));
  return preprocessings.map((preprocessing) => preprocess(picture, preprocessing));
}

/** One compiled program that explains any number of pictures, each for classes of its own. */
export class Explainer {
  private constructor(
    private readonly subject: Subject,
    private readonly methods: readonly ChosenMethod[],
    private readonly size: RunSize,
    private readonly plan: MapPlan,
    private readonly program: Program,
    private readonly sampled: readonly SampledProgram[],
  ) {}

  /**
   * Plans, compiles and loads.
   * @param options.batch 1 if left out, as are targets and ranks
   * @throws UsageError for a size that makes no sense; DeviceError if the backend cannot; what `weights` is rejected with;
   *   the reason of an aborted signal
   */
  static async create(subject: Subject, backend: Backend, options: ExplainerOptions): Promise<Explainer> {
    expectParts('Explainer.create: the model', subject, { model: aModel, preprocessing: anObject });
    checkBackend('Explainer.create', backend);
    expectParts('Explainer.create: options', options, optionParts);
    expectNoOther('Explainer.create', options, [
      ...Object.keys(optionParts),
      'batch',
      'targets',
      'ranks',
      'features',
      'score',
      'ablation',
      'attention',
    ]);
    const { methods, weights, stopwatch, signal, onProgress } = options;
    // If they fail before anybody awaits them, or when nobody does any more, nobody need hear of it.
    weights?.catch(() => undefined);
    const { batch = 1, targets = 1, ranks = 1, features = false, score = 'logit' } = options;
    const { ablation = false, attention } = options;
    const done = (stage: 'plan' | 'weights' | 'compile'): void => {
      stopwatch?.lap(stage === 'weights' ? 'load' : 'compile');
      onProgress?.({ stage, done: 1, total: 1 });
    };
    const size = { batch, targets, ranks, features, score, ablation, attention };
    const maps = planMaps(subject.model, methods, size);
    // As float32, in which backends hold them.
    backend.foresee?.([...subject.model.namedParameters()].reduce((sum, [, { size }]) => sum + 4 * size, 0));
    const plan = planFor(backend, maps.outputs);
    done('plan');
    await unlessAborted(() => Promise.resolve(weights), signal);
    done('weights');
    const program = new Program(plan, await backend.load(plan));
    const sampled: SampledProgram[] = [];
    const explainer = new Explainer(subject, methods, size, maps, program, sampled);
    try {
      for (const [position, chosen] of methods.entries()) {
        signal?.throwIfAborted();
        if (chosen.method.sampled)
          sampled.push(await SampledProgram.create(subject.model, chosen, position, size, backend));
      }
      signal?.throwIfAborted();
    } catch (error) {
      explainer.dispose();
      throw error;
    }
    done('compile');
    return explainer;
  }

  /** Makes a picture ready for the methods. */
  makeReady(picture: Picture): ReadyPicture {
    return makeReady(picture, preprocessingsOf(this.methods, this.subject.preprocessing));
  }

  /**
   * Explains pictures, as many at a time as a run takes.
   * @param targets of each picture, as many as the program has; none if its methods explain no class
   * @returns one result for each picture, in their order
   * @throws UsageError for a target that does not exist, or another number of targets, before anything is run
   * @throws DeviceError if the device fails; the reason of an aborted signal
   */
  async explain(
    pictures: readonly ReadyPicture[],
    targets: readonly (readonly ClassTarget[])[],
    options: ExplainRunOptions = {},
  ): Promise<readonly ExplainedPicture[]> {
    expectParts('explain: options', options, runParts);
    expectNoOther('explain', options, Object.keys(runParts));
    this.check(pictures, targets);
    const { signal, onProgress, ablations = [] } = options;
    if (ablations.length > 0 && !this.plan.ablation) {
      throw new UsageError('explain: nothing can be taken out; create the explainer with ablation: true.');
    }
    const results: ExplainedPicture[] = [];
    const total = pictures.length;
    for (let first = 0; first < total; first += this.size.batch) {
      const end = Math.min(total, first + this.size.batch);
      const part = <T>(list: readonly T[]): readonly T[] => list.slice(first, end);
      const run = () => this.run(part(pictures), part(targets), part(ablations), signal);
      results.push(...(await unlessAborted(run, signal)));
      onProgress?.({ stage: 'explain', done: end, total });
    }
    return results;
  }

  /** Gives back the device memory that the program holds. */
  dispose(): void {
    this.program.dispose();
    for (const program of this.sampled) program.dispose();
  }

  private check(pictures: readonly ReadyPicture[], targets: readonly (readonly ClassTarget[])[]): void {
    expectGiven('explain: pictures', pictures, lists);
    expectGiven('explain: targets', targets, lists);
    const { passes } = this.plan;
    const wanted = Math.max(...passes.map((pass) => pass.targets.length));
    const wrong = targets.find(({ length }) => length !== wanted);
    if (wrong || targets.length !== pictures.length) {
      throw new UsageError(
        `explain: ${targets.length} lists of targets for ${pictures.length} pictures` +
          `${wrong ? `, one of ${wrong.length}` : ''}; give each picture ${wanted}.`,
      );
    }
    if (pictures.some(({ length }) => length !== passes.length)) {
      throw new UsageError(
        `explain: a picture was not made ready for these methods; they ask for ${passes.length} forms of it.`,
      );
    }
    const shape = this.subject.model.inputShape;
    const fits = ({ values }: Preprocessed): boolean => values.length === sizeOf(shape);
    if (!pictures.flat().every((form) => isReady(form) && fits(form))) {
      throw new UsageError(
        `explain: a picture was made ready for another model; this one takes ${formatShape(shape)}, as makeReady gives it.`,
      );
    }
    const slots = passes.find((pass) => pass.targets.length > 0)?.targets ?? [];
    for (const own of targets) {
      slots.forEach((slot, position) => {
        slot.check(own[position]);
      });
    }
  }

  private async run(
    pictures: readonly ReadyPicture[],
    targets: readonly (readonly ClassTarget[])[],
    ablations: readonly (Ablation | undefined)[],
    signal: AbortSignal | undefined,
  ): Promise<readonly ExplainedPicture[]> {
    const inputs: Record<string, Values> = { ...this.plan.ablation?.values(ablations) };
    const images = this.plan.passes.map((_, number) =>
      this.joined(pictures.map((ready) => ready[number].values)),
    );
    for (const [number, pass] of this.plan.passes.entries()) {
      inputs[pass.image] = images[number];
      Object.assign(inputs, valuesOf(pass.targets, targets));
    }
    const results = await this.program.run(inputs);
    const part = (values: Values, image: number): Values => {
      if (this.size.batch === 1) return values;
      const size = values.length / this.size.batch;
      return values.slice(image * size, (image + 1) * size);
    };
    const ways = waysOf(this.methods);
    const runs: FoundMap[] = this.plan.maps.map((map) => ({ ...map, values: results[map.output] }));
    for (const program of this.sampled) {
      const pass = ways.indexOf(program.method.preprocessing);
      const found = await program.run(images[pass], targets, ablations, signal);
      const { method, options, chosen } = program;
      runs.push(
        ...found.map((values, map) => ({
          method,
          options,
          chosen,
          pass,
          target: program.targetOf(map),
          captions: undefined,
          readings: undefined,
          votes: undefined,
          numbers: undefined,
          values,
        })),
      );
    }
    runs.sort((a, b) => a.chosen - b.chosen);
    const { geometry } = this.subject.model;
    const madeOf = async (map: FoundMap, image: number): Promise<Values> => {
      const found = part(map.values, image);
      const work = map.method.finish?.(found, geometry);
      return work ? finished(work, signal) : found;
    };
    const values = await Promise.all(
      pictures.map((_, image) => Promise.all(runs.map((map) => madeOf(map, image)))),
    );
    const { attention } = this.plan;
    // Ranks are looked up once: every map of a target has the same class.
    const resolved = pictures.map((_, image) =>
      this.plan.passes.map(({ logits }) => {
        const own = part(results[logits], image);
        return targets[image].map((target) => resolve(target, own));
      }),
    );
    return pictures.map((ready, image) => ({
      logits: part(results[this.plan.passes[0].logits], image),
      ...(attention && {
        attention: {
          ...attention,
          layers: attention.layers.map((output) => part(results[output], image)),
          query: part(results[attention.query], image),
          geometry: ready[0].geometry,
        },
      }),
      maps: runs.map((map, position) => {
        const promise = this.plan.promises.find(
          (one) => one.chosen === map.chosen && one.target === map.target,
        );
        return {
          method: map.method,
          options: map.options,
          score: map.method.of === 'class' ? (map.method.score ?? this.size.score) : undefined,
          target: map.target === undefined ? undefined : resolved[image][map.pass][map.target],
          grid: geometry.grid,
          values: values[image][position],
          captions: map.captions,
          readings: map.readings === undefined ? undefined : part(results[map.readings], image),
          votes: map.votes === undefined ? undefined : part(results[map.votes], image),
          numbers:
            map.numbers &&
            Object.fromEntries(
              Object.entries(map.numbers).map(([name, output]) => [name, part(results[output], image)]),
            ),
          geometry: ready[map.pass].geometry,
          ...(promise === undefined ? {} : { promised: results[promise.output][image] }),
        };
      }),
    }));
  }

  /** The pictures of a batch; where there are fewer, what follows is 0 and its results are nobody's. */
  private joined(pictures: readonly Float32Array[]): Float32Array {
    const { batch } = this.size;
    if (batch === 1) return pictures[0];
    const all = new Float32Array(batch * pictures[0].length);
    pictures.forEach((values, image) => {
      all.set(values, image * values.length);
    });
    return all;
  }
}

function isReady(form: unknown): boolean {
  return someValues.fits((Object(form) as Partial<Preprocessed>).values);
}

/** A map of all pictures of a run. */
interface FoundMap extends Omit<PlannedMap, 'output'> {
  readonly values: Values;
}

function resolve(target: ClassTarget, logits: Values): ResolvedTarget {
  return target.kind === 'rank' ? { kind: 'class', index: classOfRank(logits, target.rank) } : target;
}
