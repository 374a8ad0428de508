import { WeightsError } from '../errors.js';
import { constant, formatShape, type Tensor, type Values } from '../tensor/index.js';
import type { Learner } from './learner.js';
import { freshMemory, type Memory, type MemoryConfig } from './memory.js';
import { namedState } from './state.js';
import { isOfHead, trained } from './trained.js';

/** The tensors of a training's checkpoint by name. */
export type StoredTensors = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly values: Values }
>;

/**
 * Gives a learner the parameters of a checkpoint, and makes of it what the training remembers beside them.
 * @param source the file's name, for messages
 * @throws WeightsError if a tensor is missing or of another shape; the learner is then left as it was
 */
export function restore(
  config: MemoryConfig,
  learner: Learner,
  stored: StoredTensors,
  source: string,
): Memory {
  const fresh = freshMemory(config, learner);
  check(namedState(config, learner, fresh), stored, source);
  beginWith(learner, stored, source);
  const tensor = (name: string) => constant(stored.get(name)!.values, stored.get(name)!.shape);
  const names = trained(learner.parameters, config.freeze).map(([name]) => name);
  for (const [name, parameter] of fresh.average?.namedParameters() ?? []) {
    parameter.assign(stored.get(`average.${name}`)!.values);
  }
  return {
    ...fresh,
    optimizer: {
      corrections: [tensor('optimizer.correction.1'), tensor('optimizer.correction.2')],
      means: names.map((name) => tensor(`optimizer.mean.${name}`)),
      squares: names.map((name) => tensor(`optimizer.square.${name}`)),
    },
  };
}

/**
 * Gives a learner the parameters of a checkpoint and nothing else, to begin another training with. Heads that the checkpoint
 * lacks, or has for other classes, begin with zeros.
 * @param source the file's name, for messages
 * @param newHead whether heads begin anew though they fit
 * @returns the names of the heads that begin anew
 * @throws WeightsError if a tensor of the backbone is missing or of another shape; the learner is then left as it was
 */
export function beginWith(
  { parameters }: Learner,
  stored: StoredTensors,
  source: string,
  { newHead = false }: { readonly newHead?: boolean } = {},
): string[] {
  check(
    parameters.filter(([name]) => !isOfHead(name)),
    stored,
    source,
  );
  const headOf = (name: string): string => name.slice(0, name.indexOf('.'));
  const fits = ([name, { shape }]: readonly [string, Tensor]): boolean =>
    formatShape(stored.get(name)?.shape ?? []) === formatShape(shape);
  const unfit = parameters.filter((named) => isOfHead(named[0]) && (newHead || !fits(named)));
  const anew = new Set(unfit.map(([name]) => headOf(name)));
  for (const [name, parameter] of parameters) {
    const isNew = isOfHead(name) && anew.has(headOf(name));
    parameter.assign(isNew ? new Float32Array(parameter.size) : stored.get(name)!.values);
  }
  return [...anew];
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
