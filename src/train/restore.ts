import { WeightsError } from '../errors.js';
import type { AdamWState } from '../nn/index.js';
import { constant, formatShape, type Tensor, type Values } from '../tensor/index.js';
import type { Learner } from './learner.js';
import { freshOptimizer, namedState } from './state.js';

/** The tensors of a training's checkpoint by name. */
export type StoredTensors = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly values: Values }
>;

/**
 * Gives a learner the parameters of a checkpoint, and makes the optimiser's state of it.
 * @param source the file's name, for messages
 * @throws WeightsError if a tensor is missing or of another shape; the learner is then left as it was
 */
export function restore(learner: Learner, stored: StoredTensors, source: string): AdamWState {
  check(namedState(learner, freshOptimizer(learner)), stored, source);
  beginWith(learner, stored, source);
  const tensor = (name: string) => constant(stored.get(name)!.values, stored.get(name)!.shape);
  const names = learner.parameters.map(([name]) => name);
  return {
    corrections: [tensor('optimizer.correction.1'), tensor('optimizer.correction.2')],
    means: names.map((name) => tensor(`optimizer.mean.${name}`)),
    squares: names.map((name) => tensor(`optimizer.square.${name}`)),
  };
}

/**
 * Gives a learner the parameters of a checkpoint and nothing else, to begin another training with.
 * @param source the file's name, for messages
 * @throws WeightsError if a tensor is missing or of another shape; the learner is then left as it was
 */
export function beginWith({ parameters }: Learner, stored: StoredTensors, source: string): void {
  check(parameters, stored, source);
  for (const [name, parameter] of parameters) parameter.assign(stored.get(name)!.values);
}

function check(wanted: Iterable<readonly [string, Tensor]>, stored: StoredTensors, source: string): void {
  for (const [name, { shape }] of wanted) {
    const found = stored.get(name);
    if (!found) {
      throw new WeightsError(
        `"${source}" lacks "${name}", which a training with this configuration needs; is it a training's checkpoint?`,
      );
    }
    if (formatShape(found.shape) !== formatShape(shape)) {
      throw new WeightsError(
        `"${source}" holds "${name}" with shape ${formatShape(found.shape)}, but the configuration asks for ` +
          `${formatShape(shape)}; the model must be the one it was begun with.`,
      );
    }
  }
}
