import type { Tensor, Values } from '../tensor/index.js';
import { patchHead, type Learner } from './learner.js';
import type { Memory } from './memory.js';
import type { TrainConfig } from './config.js';
import { trained } from './trained.js';

/** Tensors of a training by name: the parameters under timm's names, and what it remembers beside them. */
export type TrainingState = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly values: Values }
>;

/** What the names of averages begin with. */
const averages = 'average.';

/** Everything that a training remembers, by name: the parameters, then `optimizer.…`, then `average.…`. */
export function namedState(
  { freeze }: Pick<TrainConfig, 'freeze'>,
  { parameters }: Learner,
  { optimizer, average }: Memory,
): Map<string, Tensor> {
  const learned = trained(parameters, freeze);
  const corrections = optimizer.corrections.map((tensor, moment) => [`${moment + 1}`, tensor] as const);
  const moments = (tensors: readonly Tensor[]) => learned.map(([name], i) => [name, tensors[i]] as const);
  const under = (prefix: string, tensors: readonly (readonly [string, Tensor])[]) =>
    tensors.map(([name, tensor]): [string, Tensor] => [`${prefix}${name}`, tensor]);
  return new Map<string, Tensor>([
    ...parameters,
    ...under('optimizer.correction.', corrections),
    ...under('optimizer.mean.', moments(optimizer.means)),
    ...under('optimizer.square.', moments(optimizer.squares)),
    ...under(averages, average ? [...average.namedParameters()] : []),
  ]);
}

/** What of a state is the model's own: its averages, if it has them. */
export function modelOf(state: TrainingState): TrainingState {
  const averaged = [...state].filter(([name]) => name.startsWith(averages));
  if (averaged.length > 0)
    return new Map(averaged.map(([name, tensor]) => [name.slice(averages.length), tensor]));
  return new Map(
    [...state].filter(([name]) => !name.startsWith('optimizer.') && !name.startsWith(`${patchHead}.`)),
  );
}
