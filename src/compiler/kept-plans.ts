import { aFunction, expectParts } from '../given.js';
import { topologicalOrder } from '../tensor/index.js';
import { buildPlan, rootsOf } from './build-plan.js';
import { graphText } from './graph-text.js';
import type { Planner } from './plan.js';
import { planIn, planText } from './plan-text.js';

/** Keeps texts beyond the end of a process. */
export interface PlanStore {
  /** What is kept under this key, unchanged, or undefined. */
  find(key: string): string | undefined;
  /** @param text makes what is to be kept, at any time; undefined if nothing is */
  keep(key: string, text: () => string | undefined): void;
}

/**
 * Takes plans that were made before of graphs that are the same but for the numbers of their constants: to make one takes longer than
 * to explain a picture with it.
 * @param store whose texts no other version of this code has made
 * @param planner makes what is not there yet, for what fusions say alone; `buildPlan` if left out
 * @throws UsageError for what is no store
 */
export function keptPlans(store: PlanStore, planner: Planner = buildPlan): Planner {
  expectParts('keptPlans: the store', store, { find: aFunction, keep: aFunction });
  return (outputs, updates, fusions) => {
    const order = topologicalOrder(rootsOf(outputs, updates));
    const { text: key, constants } = graphText(order, outputs, updates, fusions);
    const known = store.find(key);
    if (known !== undefined) return planIn(known, constants);
    const plan = planner(outputs, updates, fusions);
    store.keep(key, () => planText(plan, constants));
    return plan;
  };
}
