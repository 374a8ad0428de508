import { WeightsError } from '../errors.js';
import type { Storage, Values } from '../tensor/index.js';

/**
 * The numbers of a constant, for a backend that takes its copy.
 * @throws WeightsError for a parameter that no checkpoint has given any
 */
export function constantValues({ values }: Storage): Values {
  if (!values) throw new WeightsError('compile: a parameter has no values; load a checkpoint first.');
  return values;
}
