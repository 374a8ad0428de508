import { WeightsError } from '../errors.js';
import type { Storage } from '../tensor/index.js';
import type { Plan, PlanBuffer } from './plan.js';

/** The constant that fills a buffer, if one does. */
export function constantIn({ filledBy }: PlanBuffer): Storage | undefined {
  return filledBy && 'constant' in filledBy ? filledBy.constant : undefined;
}

/** The constants that a plan uses, one a buffer. */
export function constantsOf({ buffers }: Pick<Plan, 'buffers'>): Storage[] {
  return buffers.map(constantIn).filter((constant) => constant !== undefined);
}

/** @throws WeightsError for parameters that no checkpoint has given any numbers */
export function checkConstants(constants: readonly Storage[]): void {
  const empty = constants.filter(({ isGiven }) => !isGiven);
  if (empty.length === 0) return;
  const [{ title }] = empty;
  const others = empty.length - 1;
  throw new WeightsError(
    `compile: the parameter ${title} ${others === 0 ? 'has' : `and ${others} more have`} no values; ` +
      'load a checkpoint first, or assign them.',
  );
}
