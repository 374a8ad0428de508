import type { Backend } from '../compiler/backend.js';
import { buildPlan } from '../compiler/build-plan.js';
import { constantIn } from '../compiler/constant-values.js';
import type { Plan } from '../compiler/plan.js';
import type { TrainConfig } from './config.js';
import { graphsOf } from './graphs.js';
import { Learner } from './learner.js';
import { plannedMemory } from './memory.js';

/** What a training takes of memory, as far as it is known before anything is done. */
export interface TrainingSize {
  /** Numbers that are learned. */
  readonly parameters: number;
  /** Numbers on the device that last: the parameters, and what the optimiser remembers of each. */
  readonly kept: number;
  /** Numbers on the device that are worked with: the images, what a step and a test make of them, gradients. */
  readonly worked: number;
  /** Bytes of the host: the parameters at the beginning, a checkpoint and its files, and the plans themselves. */
  readonly hostBytes: number;
}

const FLOAT_BYTES = 4;

/** Bytes that graphs and plans take for each block of the model, as objects of JavaScript: measured, for 20 and for 400. */
const PLAN_BYTES = 1.5e6;

/**
 * Adds up what a training will take, without taking it: from the plans of a model of one block and one of two, because each
 * block takes what the one before takes.
 * @param backend that it will be done on
 * @throws ShapeError if a tensor would be so large that its elements cannot be counted
 */
export function trainingSize(
  config: TrainConfig,
  classes: number,
  backend: Pick<Backend, 'fusions' | 'sharesMemory'>,
): TrainingSize {
  const { depth } = config.model;
  const [one, two] = [1, 2].map((blocks) => countsAt(blocks, config, classes, backend));
  const at = (of: (counts: Counts) => number): number => of(one) + (depth - 1) * (of(two) - of(one));
  const parameters = at((counts) => counts.parameters);
  const kept = at((counts) => counts.kept);
  // What is read back, the checkpoint made of it, and the model's file.
  const checkpoint = kept + kept + parameters;
  return {
    parameters,
    kept,
    worked: at((counts) => counts.worked),
    hostBytes: FLOAT_BYTES * (parameters + checkpoint) + PLAN_BYTES * depth,
  };
}

interface Counts {
  readonly parameters: number;
  readonly kept: number;
  readonly worked: number;
}

function countsAt(
  blocks: number,
  given: TrainConfig,
  classes: number,
  backend: Pick<Backend, 'fusions' | 'sharesMemory'>,
): Counts {
  const { fusions, sharesMemory = false } = backend;
  // What is frozen may be in blocks that are not there; it would take less.
  const config = { ...given, freeze: [] };
  const learner = Learner.of({ ...config, model: { ...config.model, depth: blocks } }, classes);
  const { gather, step, test, state } = graphsOf(config, learner, plannedMemory(config, learner));
  const plans = [
    ...(gather ? [buildPlan(gather.outputs, gather.updates, fusions)] : []),
    buildPlan(step.outputs, step.updates, fusions),
    buildPlan(test, undefined, fusions),
    buildPlan(Object.fromEntries(state), undefined, fusions),
  ];
  const sizes = learner.parameters.map(([, { size }]) => size);
  const parameters = sumOf(sizes);
  const remembered = sumOf([...state.values()].map(({ size }) => size));
  return {
    parameters,
    kept: remembered + (gather ? parameters : 0),
    worked: sharesMemory ? sharedBy(plans) : sumOf(plans.map(({ buffers }) => workedWith(buffers))),
  };
}

/** Elements of the buffers that no constant fills. */
function workedWith(buffers: Plan['buffers']): number {
  return sumOf(buffers.map((buffer) => (constantIn(buffer) ? 0 : buffer.size)));
}

/** The same of plans that write to the same memory: each to what those before it wrote to, as far as that is large enough. */
function sharedBy(plans: readonly Plan[]): number {
  const arrays: number[] = [];
  let inputs = 0;
  for (const plan of plans) {
    const own = new Set(plan.inputs.map(({ buffer }) => buffer));
    inputs += workedWith(plan.buffers.filter((_, number) => own.has(number)));
    const sizes = plan.buffers
      .filter((buffer, number) => !constantIn(buffer) && !own.has(number))
      .map(({ size }) => size);
    const there = arrays.toSorted((a, b) => a - b);
    for (const size of sizes.sort((a, b) => b - a)) {
      const fitting = there.findIndex((free) => free >= size);
      if (fitting < 0) arrays.push(size);
      else there.splice(fitting, 1);
    }
  }
  return inputs + sumOf(arrays);
}

function sumOf(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
