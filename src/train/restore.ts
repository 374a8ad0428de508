import { WeightsError } from '../errors.js';
import type { AdamWState } from '../nn/index.js';
import { constant, formatShape, type Values } from '../tensor/index.js';
import type { Learner } from './learner.js';
import { freshOptimizer, namedState } from './trainer.js';

type Stored = ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Values }>;

/**
 * Gives a learner the parameters of a checkpoint, and makes the optimiser's state of it.
 * @param source the file's name, for messages
 * @throws WeightsError if a tensor is missing or of another shape; the learner is then left as it was
 */
export function restore(learner: Learner, stored: Stored, source: string): AdamWState {
  for (const [name, { shape }] of namedState(learner, freshOptimizer(learner))) {
    const found = stored.get(name);
    if (!found) {
      throw new WeightsError(`"${source}" lacks "${name}"; it cannot be resumed with this configuration.`);
    }
    if (formatShape(found.shape) !== formatShape(shape)) {
      throw new WeightsError(
        `"${source}" holds "${name}" with shape ${formatShape(found.shape)}, but the configuration asks for ` +
          `${formatShape(shape)}; resume with the configuration it was begun with.`,
      );
    }
  }
  const { parameters } = learner;
  for (const [name, parameter] of parameters) parameter.assign(stored.get(name)!.values);
  const tensor = (name: string) => constant(stored.get(name)!.values, stored.get(name)!.shape);
  return {
    corrections: [tensor('optimizer.correction.1'), tensor('optimizer.correction.2')],
    means: parameters.map(([name]) => tensor(`optimizer.mean.${name}`)),
    squares: parameters.map(([name]) => tensor(`optimizer.square.${name}`)),
  };
}
