import { WeightsError } from '../errors.js';
import type { Storage, Values } from '../tensor/index.js';
import type { Plan } from './plan.js';

/**
 * The numbers of a constant, for a backend that takes its copy.
 * @throws WeightsError for a parameter that no checkpoint has given any
 */
export function constantValues({ values }: Storage): Values {
  if (!values) throw new WeightsError('compile: a parameter has no values; load a checkpoint first.');
  return values;
}

/** The constants that a plan uses, one a buffer. */
export function constantsOf({ buffers }: Pick<Plan, 'buffers'>): Storage[] {
  return buffers.flatMap(({ filledBy }) => (filledBy && 'constant' in filledBy ? [filledBy.constant] : []));
}
