/** Explanations: methods as values, over a pass. */
export {
  activationMaximisation,
  uphill,
  variation,
  type AscentOptions,
  type PixelRange,
} from './activation-maximisation.js';
export { activationOf, parseUnit, unitName, unitSpellings, type Unit } from './unit.js';
export { discard } from './discard.js';
export * from './experiments/index.js';
export { headFusions, type HeadFusion } from './heads.js';
export type { LayerRange } from './layers.js';
export {
  define,
  type AnyMethod,
  type Finish,
  type Method,
  type MethodDefinition,
  type MethodDescription,
  type MethodKind,
  type PassOf,
  type Sampled,
  type Score,
  type Shows,
  type Source,
} from './method.js';
export {
  defaultMethods,
  defaultMethodsWithoutAttention,
  defaultMethodsWithoutResiduals,
  findMethod,
  findMethods,
  isView,
  methods,
  underLibra,
  type ClassMethod,
} from './find-method.js';
export * from './methods.js';
export { gradientRolloutVariants, type GradientRolloutVariant } from './methods/gradient-rollout.js';
export {
  unknownSizes,
  type GivenMethodOptions,
  type MethodOptions,
  type OptionMetadata,
  type OptionSchemas,
  type Wording,
} from './options.js';
export { combinedAttention } from './combined-attention.js';
export {
  explained,
  forwardPass,
  type Biased,
  type Explainable,
  type Explained,
  type Layer,
  type Pass,
  type ScoreFacts,
  expectResiduals,
  NoAttentionError,
  NoResidualsError,
} from './pass.js';
export { constantAttention, constantDeviation, activationAsFactor, libra } from './rules/index.js';
export { smooth } from './smooth.js';
export { allSamples, valuesOfSamples, type Samples, type SampleValues, type Sampling } from './samples.js';
export {
  classOfRank,
  ranksAsked,
  targetInput,
  type ClassTarget,
  type TargetInput,
  type TargetKinds,
} from './target.js';
