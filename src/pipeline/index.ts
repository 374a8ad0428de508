/** From model, picture and methods to one program and its maps; and whether a device computes correctly. */
export { chooseMethods, preprocessingsOf, type ChosenMethod } from './chosen-methods.js';
export { whyFlat, whyNoDifference, whyNoNumbers } from './degenerate.js';
export { documentOf, type Explanation, type ExplanationDocument, type Reading } from './document.js';
export { featureTargets, parseFeatureTargets, type AskedTarget } from './feature-targets.js';
export {
  Explainer,
  makeReady,
  type ComputedMap,
  type ExplainedPicture,
  type ExplainerOptions,
  type ReadyPicture,
  type ResolvedTarget,
  type Subject,
} from './explainer.js';
export {
  planMaps,
  type RunSize,
  type MapPlan,
  type PlannedMap,
  type PlannedPromise,
  type PlannedPass,
} from './map-plan.js';
export { goldenOf, goldenSha256, type Golden } from './self-check/golden.js';
export {
  formatSelfCheck,
  selfCheckVerdict,
  type SelfCheckReport,
  type SelfCheckRow,
} from './self-check/report.js';
export { runSelfCheck } from './self-check/self-check.js';
export { trials } from './self-check/trials/index.js';
export type { KernelSizes, Trial, TrialRange, Trials, TriedKind } from './self-check/trials/trial.js';
export { chooseStrip, chooseSweep, strips, type Strip, type Sweep } from './series.js';
export { Stopwatch } from './stopwatch.js';
export { parseTargets, type AskedClass } from './targets.js';
export type { Progress, Watch } from './watch.js';
export { planSampled, type SampledPlan } from './sampled-plan.js';
