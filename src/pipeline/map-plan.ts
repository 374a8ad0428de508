import { UsageError } from '../errors.js';
import {
  ablationInput,
  forwardPass,
  hooked,
  type AblationInput,
  type Method,
  type MethodKind,
  type OptionSchemas,
  type PassOf,
  type AnyMethod,
  type Explained,
  type Score,
  type TargetInput,
} from '../explain/index.js';
import { aFunction, anObject, described, expectGiven, type Expectation } from '../given.js';
import { sizesOf, type VisionTransformer } from '../models/index.js';
import { input, type Tensor } from '../tensor/index.js';
import { planAttention, type PlannedAttention } from './read-attention.js';
import { nothingChosen, someChosen, waysOf, type ChosenMethod } from './chosen-methods.js';
import { subjectsOf } from './subjects.js';

/** By what it is used for, since another copy of this package may have made it. */
export const aModel: Expectation<VisionTransformer> = {
  words: 'a VisionTransformer',
  fits: (value): value is VisionTransformer => {
    const { call, geometry, inputShape } = Object(value) as Readonly<Record<string, unknown>>;
    return aFunction.fits(call) && anObject.fits(geometry) && Array.isArray(inputShape);
  },
};

const aScore: Expectation<Score> = {
  words: "'logit' or 'log-probability'",
  fits: (value): value is Score => value === 'logit' || value === 'log-probability',
};

/** How much one run computes. */
export interface RunSize {
  /** Pictures that a run takes. */
  readonly batch: number;
  /** Targets that each picture has at once. They share its forward pass. */
  readonly targets: number;
  /** Ranks that a target may name: 1 for the most probable class alone, 0 if all are named by index. */
  readonly ranks: number;
  /** Whether a target may be a norm or a similarity, as it is of features. */
  readonly features?: boolean;
  /** What is explained of a class by methods that leave it open; the logit if left out. */
  readonly score?: Score;
  /** Whether parts of the model, or patches, may be taken out in a run. */
  readonly ablation?: boolean;
  /** How many numbers of the attention of all layers are handed back of each picture, at most; none if left out. */
  readonly attention?: number | undefined;
}

/** The forward pass for pictures that were made ready in one way. */
export interface PlannedPass {
  /** The program's input. `[batch, channels, height, width]` */
  readonly image: string;
  /** The program's output. `[batch, classes]` */
  readonly logits: string;
  readonly targets: readonly TargetInput[];
}

/** What a map should sum to. */
export interface PlannedPromise {
  /** Position of its method among those that were chosen. */
  readonly chosen: number;
  /** Number of its target. */
  readonly target: number;
  /** The program's output. `[batch]` */
  readonly output: string;
}

/** A map that a program computes. */
export interface PlannedMap extends ChosenMethod {
  /** Position of its method among those that were chosen. */
  readonly chosen: number;
  /** Number of its forward pass. */
  readonly pass: number;
  /** Number of its target; undefined for a method that explains no class. */
  readonly target: number | undefined;
  /** The program's output. `[batch, gridRows, gridColumns]`, of a view `[batch, maps, gridRows, gridColumns]` */
  readonly output: string;
  /** Of each map of a view. */
  readonly captions: readonly string[] | undefined;
  /** The program's output of a view that reads logits as well. `[batch, maps, classes]` */
  readonly readings: string | undefined;
  /** The program's output of a view that reads what patches would be taken for. `[batch, maps, patches]` */
  readonly votes: string | undefined;
  /** The program's outputs of a method that tells more than maps, by name. Each `[batch, count]` */
  readonly numbers: Readonly<Record<string, string>> | undefined;
}

/** One graph for everything that was asked for. */
export interface MapPlan {
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly passes: readonly PlannedPass[];
  /** Of those methods that need one run. */
  readonly maps: readonly PlannedMap[];
  readonly promises: readonly PlannedPromise[];
  /** Of the first forward pass. */
  readonly attention: PlannedAttention | undefined;
  /** Of a program in whose runs parts may be taken out. */
  readonly ablation: AblationInput | undefined;
}

/**
 * A forward pass for each way of making pictures ready, a backward pass for each target, and every map.
 * @throws UsageError for a size that makes no sense
 */
export function planMaps(model: VisionTransformer, chosen: readonly ChosenMethod[], size: RunSize): MapPlan {
  expectGiven('planMaps: the model', model, aModel);
  expectGiven('planMaps: the size', size, anObject);
  checkSize(chosen, size);
  return withAblation(model, size, (ablation) => ({ ...planned(model, chosen, size), ablation }));
}

/** Builds a graph of a model from which parts may be taken out, if that was asked for. */
export function withAblation<T>(
  model: VisionTransformer,
  { ablation, batch }: RunSize,
  build: (ablation: AblationInput | undefined) => T,
): T {
  if (!ablation) return build(undefined);
  const given = ablationInput('ablation', batch, sizesOf(model.config));
  return hooked(model, given.hooks, () => build(given));
}

function planned(
  model: VisionTransformer,
  chosen: readonly ChosenMethod[],
  size: RunSize,
): Omit<MapPlan, 'ablation'> {
  const ways = waysOf(chosen);
  const passes = ways.map((way, number) => {
    const suffix = number === 0 ? '' : `.${number}`;
    const [image, logits] = [`image${suffix}`, `logits${suffix}`];
    const pass = forwardPass(model, input(image, [size.batch, ...model.inputShape]));
    const explainsClass = chosen.some(({ method }) => method.preprocessing === way && method.of === 'class');
    const count = explainsClass ? size.targets : 0;
    const { targets, subjects: ofTargets } = subjectsOf(pass, `target${suffix}`, count, size);
    return { image, logits, targets, pass, ofTargets };
  });
  const maps: PlannedMap[] = [];
  const outputs = Object.fromEntries(passes.map(({ logits, pass }) => [logits, pass.logits]));
  const promises: PlannedPromise[] = [];
  for (const [order, { method, options }] of chosen.entries()) {
    const number = ways.indexOf(method.preprocessing);
    const { pass, ofTargets } = passes[number];
    promises.push(...promisesOf(order, method, options, ofTargets, outputs));
    // It is run apart, in parts: see `planSampled`.
    if (method.sampled) continue;
    const found =
      method.of === 'pass'
        ? [lookAt(method, pass, options)]
        : ofTargets.map((subject) => lookAt(method, subject, options));
    found.forEach(({ map, captions, readings, votes, numbers }, position) => {
      const named = (what: string, tensor: Tensor): string => {
        const output = `${what}.${maps.length}`;
        outputs[output] = tensor;
        return output;
      };
      maps.push({
        ...{ method, options, chosen: order, pass: number, captions },
        target: method.of === 'pass' ? undefined : position,
        output: named('map', map),
        readings: readings && named('readings', readings),
        votes: votes && named('votes', votes),
        numbers:
          numbers &&
          Object.fromEntries(Object.entries(numbers).map(([name, tensor]) => [name, named(name, tensor)])),
      });
    });
  }
  const attention =
    size.attention === undefined ? undefined : planAttention(model, passes[0].pass, size.attention, outputs);
  return {
    outputs,
    attention,
    passes: passes.map(({ image, logits, targets }) => ({ image, logits, targets })),
    maps,
    promises,
  };
}

/** What the maps of a method should sum to, one output for each target. */
function promisesOf(
  chosen: number,
  method: AnyMethod,
  options: ChosenMethod['options'],
  ofTargets: readonly Explained[],
  outputs: Record<string, Tensor>,
): PlannedPromise[] {
  if (method.of !== 'class' || !method.promises) return [];
  return ofTargets.map((subject, target) => {
    const output = `promise.${chosen}.${target}`;
    outputs[output] = method.promises!(subject, options);
    return { chosen, target, output };
  });
}

/** All that a method has to tell of a pass. */
function lookAt<What extends MethodKind>(
  method: Method<What, OptionSchemas, ChosenMethod['options']>,
  pass: PassOf<What>,
  options: ChosenMethod['options'],
) {
  return {
    map: method.map(pass, options),
    captions: method.captions?.(pass, options),
    readings: method.readings?.(pass, options),
    votes: method.votes?.(pass, options),
    numbers: method.numbers?.(pass, options),
  };
}

function checkSize(chosen: readonly ChosenMethod[], { batch, targets, score = 'logit' }: RunSize): void {
  expectGiven('planMaps: the list of methods', chosen, someChosen);
  expectGiven('planMaps: the score', score, aScore);
  if (chosen.length === 0) throw new UsageError(nothingChosen);
  for (const [what, count] of Object.entries({ batch, targets })) {
    if (!Number.isInteger(count) || count < 1) {
      throw new UsageError(`${what} is ${described(count)}; give a whole number of at least 1.`);
    }
  }
}
