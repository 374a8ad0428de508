/** From model, picture and methods to one program and its maps; and whether a device computes correctly. */
export {
  differenceOf,
  type AblatedMap,
  type AblatedPicture,
  type AblationDocument,
  type LogitChange,
} from './ablated.js';
export { type AttentionForm, type PlannedAttention, type ReadAttention } from './read-attention.js';
export { appraise, inOneSentence, toldMeasures, type Appraisal, type Scores } from './appraisal.js';
export { chooseMethods, preprocessingsOf, type ChosenMethod } from './chosen-methods.js';
export { defaultMethodsOf, definedOn, whyUndefined } from './defined-methods.js';
export { whyFlat, whyNoDifference, whyNoNumbers } from './degenerate.js';
export { compareDocuments, compareMaps, type MapComparison } from './compare.js';
export { documentSchema, parseDocument } from './document-schema.js';
export {
  documentOf,
  explanationOf,
  schemaVersion,
  type Explanation,
  type ExplanationDocument,
  type Reading,
  type ToldObjects,
  type Votes,
  type ToldAppraisal,
} from './document.js';
export { resolvedTargets, type ToldMap } from './experiments/found-map.js';
export {
  HeadKnockOuts,
  type HeadKnockOutOptions,
  type KnockedOutHeads,
} from './experiments/head-knock-outs.js';
export { Occluder, type OccludedPicture, type OccluderOptions } from './experiments/occluder.js';
export type { ExperimentOptions } from './experiments/programs.js';
export { explain, type NamedSubject, type Question } from './explain.js';
export { featureTargets, parseFeatureTargets, type AskedTarget } from './feature-targets.js';
export {
  Explainer,
  makeReady,
  type ComputedMap,
  type ExplainedPicture,
  type ExplainerOptions,
  type ExplainRunOptions,
  type ReadyPicture,
  type ResolvedTarget,
  type Subject,
} from './explainer.js';
export {
  cocoOf,
  findObjects,
  type CocoAnnotation,
  type CocoCategory,
  type CocoDocument,
  type FoundObject,
  type FoundObjects,
} from './objects/index.js';
export { planAscent, type AscentPlan, type GivenAscentOptions } from './ascent-plan.js';
export { Maximiser, type Height } from './maximiser.js';
export {
  isOfTarget,
  LayerTensors,
  layerTensorKinds,
  type LayerTensor,
  type LayerTensorKind,
} from './layer-tensors.js';
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
export { Remover, type Removed, type RemoverOptions } from './remover.js';
export {
  baselines,
  type EvaluatedMap,
  type EvaluatedMethod,
  type EvaluatedObject,
  type EvaluatedPicture,
} from './evaluation/evaluated.js';
export { Evaluation, type BesideRandom } from './evaluation/evaluation.js';
export { randomized, stagesOf } from './evaluation/randomized.js';
