import { ShapeError } from '../errors.js';
import { aFunction, anObject, expectGiven, expectNoOther } from '../given.js';
import type { Kind } from './operation.js';
import { add, expand, operations } from './operations.js';
import { joinSlices, type SliceGradient } from './ops/slice.js';
import { formatShape, sameShape } from './shape.js';
import { checkTensorList, checkTensors, literal, type Tensor } from './tensor.js';
import { topologicalOrder } from './topology.js';
import type { Vjp } from './vjp.js';

/** The kinds that a gradient passes one by one. */
export type RuleName = { [K in Kind]: 'vjp' extends keyof (typeof operations)[K] ? K : never }[Kind];

/** How a gradient passes each kind of node. A slice has no rule: the gradients of all slices of a tensor are joined. */
export type Rules = Readonly<Record<RuleName, Vjp>>;

/** The rules of calculus. */
export const derivatives = Object.fromEntries(
  Object.entries(operations).flatMap(([kind, facts]) => ('vjp' in facts ? [[kind, facts.vjp]] : [])),
) as Rules;

export interface GradientOptions {
  /** Of the shape of `y`; ones if left out. */
  readonly seed?: Tensor;
  /** Rules that take the place of those of calculus, so that what comes out is no gradient but a relevance. */
  readonly rules?: Partial<Rules>;
}

/** Is told the gradient with respect to a tensor by every backward pass that meets it, once. */
export type GradientObserver = (gradient: Tensor) => void;

const observers = new WeakMap<Tensor, GradientObserver[]>();

/**
 * Makes a tensor a target of every later call of `gradient` whose `y` depends on it, and hands the result to the
 * observer. This is what backward hooks are made of.
 */
export function observeGradient(tensor: Tensor, observer: GradientObserver): void {
  checkTensors('observeGradient', tensor);
  expectGiven('observeGradient: the observer', observer, aFunction);
  const known = observers.get(tensor);
  if (known) known.push(observer);
  else observers.set(tensor, [observer]);
}

/**
 * Reverse mode, from graph to graph: tensors for the gradient of `y` with respect to each target. They are
 * ordinary tensors, so they compile into one program with everything else and can be differentiated again. Only
 * the paths that lead from `y` to a target are walked: asking for attention gradients builds no node for any
 * weight's.
 * @param y usually a scalar; for another shape the gradient of `sum(y * seed)` is taken
 * @param targets any tensors, also in the middle of the graph
 * @param options.seed of the shape of `y`; ones if left out
 * @param options.rules replace the derivatives of some kinds of node
 * @returns one tensor a target, of its shape. A target that `y` does not depend on has zeros.
 * @throws ShapeError if the seed has another shape than `y`
 */
export function gradient(y: Tensor, targets: readonly Tensor[], options: GradientOptions = {}): Tensor[] {
  return new BackwardPass(y, options).gradients(targets);
}

/** A backward pass that may be asked again, for other targets: what lies on the way to both is built once. */
export class BackwardPass {
  readonly #rules: Rules;
  /** Sources first. */
  readonly #order: readonly Tensor[];
  /** Whole ones, of which no part is missing. */
  readonly #known = new Map<Tensor, Tensor>();
  /** How many observers of a tensor were told: each is once. */
  readonly #told = new Map<Tensor, number>();

  /** @throws as `gradient`, whose arguments they are */
  constructor(y: Tensor, options: GradientOptions = {}) {
    expectGiven('gradient: options', options, anObject);
    expectNoOther('gradient', options, ['seed', 'rules']);
    const { seed, rules } = options;
    checkTensors('gradient', y);
    if (seed) checkTensors('gradient', seed);
    if (rules) {
      expectGiven('gradient: rules', rules, anObject);
      expectNoOther('gradient: rules', rules, Object.keys(derivatives));
    }
    if (seed && !sameShape(seed.shape, y.shape)) {
      throw new ShapeError(
        `gradient: the seed has shape ${formatShape(seed.shape)}, but y has ${formatShape(y.shape)}.`,
      );
    }
    this.#rules = { ...derivatives, ...rules };
    this.#order = topologicalOrder([y]);
    this.#known.set(y, seed ?? filled(1, y));
  }

  /** One a target. */
  gradients(targets: readonly Tensor[]): Tensor[] {
    checkTensorList('gradient', targets);
    const observed = this.#order.filter((tensor) => observers.has(tensor));
    this.#walkTo([...targets, ...observed]);
    const of = (tensor: Tensor): Tensor => this.#known.get(tensor) ?? filled(0, tensor);
    for (const tensor of observed) {
      const all = observers.get(tensor)!;
      for (const observer of all.slice(this.#told.get(tensor) ?? 0)) observer(of(tensor));
      this.#told.set(tensor, all.length);
    }
    return targets.map(of);
  }

  #walkTo(ends: readonly Tensor[]): void {
    const onPath = this.#leadingTo(ends);
    const received = new Map<Tensor, Tensor>();
    const slices = new Map<Tensor, SliceGradient[]>();
    const receive = (source: Tensor, part: Tensor): void => {
      const before = received.get(source);
      received.set(source, before ? add(before, part) : part);
    };
    const isWanted = (source: Tensor): boolean => onPath.has(source) && !this.#known.has(source);
    // A node is visited after everything that depends on it: by then it has received all parts of its gradient.
    for (const tensor of this.#order.toReversed()) {
      const cut = slices.get(tensor);
      if (cut) receive(tensor, joinSlices(tensor, cut));
      const whole = this.#known.get(tensor) ?? received.get(tensor);
      if (!whole) continue;
      this.#known.set(tensor, whole);
      const { operation, sources } = tensor;
      if (!sources.some(isWanted)) continue;
      if (operation.kind === 'slice') {
        const { axis, start } = operation;
        slices.set(sources[0], [...(slices.get(sources[0]) ?? []), { axis, start, part: whole }]);
        continue;
      }
      const passes = this.#rules[operation.kind](tensor, whole);
      sources.forEach((source, position) => {
        const pass = isWanted(source) ? passes[position] : null;
        if (pass) receive(source, pass());
      });
    }
  }

  /** What depends on one of the ends, and these. */
  #leadingTo(ends: readonly Tensor[]): ReadonlySet<Tensor> {
    const found = new Set(ends);
    for (const tensor of this.#order) {
      if (tensor.sources.some((source) => found.has(source))) found.add(tensor);
    }
    return found;
  }
}

function filled(value: number, { shape }: Tensor): Tensor {
  return expand(literal(value), shape);
}
