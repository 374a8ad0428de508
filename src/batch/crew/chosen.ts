import { findMethod } from '../../explain/index.js';
import type { VisionTransformerConfig } from '../../models/index.js';
import { chooseMethods, type ChosenMethod } from '../../pipeline/index.js';
import type { BatchPlan } from '../plan.js';

/** The methods of a plan: names and plain options become what computes. */
export function chosenOf(
  { methods }: Pick<BatchPlan, 'methods'>,
  config: VisionTransformerConfig,
): readonly ChosenMethod[] {
  return methods.flatMap(({ name, options }) => chooseMethods([findMethod(name)], options, config));
}
