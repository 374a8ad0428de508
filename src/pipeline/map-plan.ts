import { UsageError } from '../errors.js';
import { explained, forwardPass, targetInput, type TargetInput } from '../explain/index.js';
import { aFunction, anObject, described, expectGiven, type Expectation } from '../given.js';
import type { VisionTransformer } from '../models/index.js';
import { input, type Tensor } from '../tensor/index.js';
import { nothingChosen, someChosen, waysOf, type ChosenMethod } from './chosen-methods.js';

/** By what it is used for, since another copy of this package may have made it. */
export const aModel: Expectation<VisionTransformer> = {
  words: 'a VisionTransformer',
  fits: (value): value is VisionTransformer => {
    const { call, geometry, inputShape } = Object(value) as Readonly<Record<string, unknown>>;
    return aFunction.fits(call) && anObject.fits(geometry) && Array.isArray(inputShape);
  },
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
}

/** The forward pass for pictures that were made ready in one way. */
export interface PlannedPass {
  /** The program's input. `[batch, channels, height, width]` */
  readonly image: string;
  /** The program's output. `[batch, classes]` */
  readonly logits: string;
  readonly targets: readonly TargetInput[];
}

/** A map that a program computes. */
export interface PlannedMap extends ChosenMethod {
  /** Number of its forward pass. */
  readonly pass: number;
  /** Number of its target; undefined for a method that explains no class. */
  readonly target: number | undefined;
  /** The program's output. `[batch, gridRows, gridColumns]` */
  readonly output: string;
}

/** One graph for everything that was asked for. */
export interface MapPlan {
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly passes: readonly PlannedPass[];
  readonly maps: readonly PlannedMap[];
}

/**
 * A forward pass for each way of making pictures ready, a backward pass for each target, and every map.
 * @throws UsageError for a size that makes no sense
 */
export function planMaps(model: VisionTransformer, chosen: readonly ChosenMethod[], size: RunSize): MapPlan {
  expectGiven('planMaps: the model', model, aModel);
  expectGiven('planMaps: the size', size, anObject);
  checkSize(chosen, size);
  const ways = waysOf(chosen);
  const passes = ways.map((way, number) => {
    const suffix = number === 0 ? '' : `.${number}`;
    const [image, logits] = [`image${suffix}`, `logits${suffix}`];
    const pass = forwardPass(model, input(image, [size.batch, ...model.inputShape]));
    const explainsClass = chosen.some(({ method }) => method.preprocessing === way && method.of === 'class');
    const targets = Array.from({ length: explainsClass ? size.targets : 0 }, (_, target) =>
      targetInput(`target${suffix}.${target}`, pass.logits, size),
    );
    const ofTargets = targets.map(({ seed, score }) => explained(pass, seed, score));
    return { image, logits, targets, pass, ofTargets };
  });
  const maps: PlannedMap[] = [];
  const outputs = Object.fromEntries(passes.map(({ logits, pass }) => [logits, pass.logits]));
  for (const { method, options } of chosen) {
    const number = ways.indexOf(method.preprocessing);
    const { pass, ofTargets } = passes[number];
    const tensors =
      method.of === 'pass'
        ? [method.map(pass, options)]
        : ofTargets.map((subject) => method.map(subject, options));
    tensors.forEach((tensor, position) => {
      const output = `map.${maps.length}`;
      outputs[output] = tensor;
      const target = method.of === 'pass' ? undefined : position;
      maps.push({ method, options, pass: number, target, output });
    });
  }
  return { outputs, passes: passes.map(({ image, logits, targets }) => ({ image, logits, targets })), maps };
}

function checkSize(chosen: readonly ChosenMethod[], { batch, targets }: RunSize): void {
  expectGiven('planMaps: the list of methods', chosen, someChosen);
  if (chosen.length === 0) throw new UsageError(nothingChosen);
  for (const [what, count] of Object.entries({ batch, targets })) {
    if (!Number.isInteger(count) || count < 1) {
      throw new UsageError(`${what} is ${described(count)}; give a whole number of at least 1.`);
    }
  }
}
