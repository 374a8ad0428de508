import { adamWState, type AdamWState } from '../nn/index.js';
import type { Tensor, Values } from '../tensor/index.js';
import { patchHead, type Learner } from './learner.js';

/** Tensors of a training by name: the parameters under timm's names, and what AdamW remembers. */
export type TrainingState = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly values: Values }
>;

/** AdamW's state before the first step. */
export function freshOptimizer({ parameters }: Learner): AdamWState {
  return adamWState(parameters.map(([, parameter]) => parameter));
}

/** Everything that a training remembers, by name: the parameters, then `optimizer.…`. */
export function namedState({ parameters }: Learner, optimizer: AdamWState): Map<string, Tensor> {
  const corrections = optimizer.corrections.map((tensor, moment) => [`${moment + 1}`, tensor] as const);
  const moments = (tensors: readonly Tensor[]) => parameters.map(([name], i) => [name, tensors[i]] as const);
  const under = (prefix: string, tensors: readonly (readonly [string, Tensor])[]) =>
    tensors.map(([name, tensor]): [string, Tensor] => [`optimizer.${prefix}.${name}`, tensor]);
  return new Map<string, Tensor>([
    ...parameters,
    ...under('correction', corrections),
    ...under('mean', moments(optimizer.means)),
    ...under('square', moments(optimizer.squares)),
  ]);
}

/** What of a state is the model's own. */
export function modelOf(state: TrainingState): TrainingState {
  return new Map(
    [...state].filter(([name]) => !name.startsWith('optimizer.') && !name.startsWith(`${patchHead}.`)),
  );
}
