/** Explanations: pure functions over attention, gradient and geometry. */
export { attentionGradcam } from './attention-gradcam.js';
export { cheferIccv21 } from './chefer-iccv21.js';
export { classOfRank, targetSeed, type ClassTarget } from './class-target.js';
export { discard } from './discard.js';
export {
  gradientRollout,
  gradientRolloutVariants,
  type GradientRolloutOptions,
  type GradientRolloutVariant,
} from './gradient-rollout.js';
export { headFusions, type HeadFusion } from './heads.js';
export {
  explain,
  explainsClass,
  isSigned,
  methodNames,
  relevantOptions,
  type MethodName,
  type MethodOptions,
} from './methods.js';
export type { LayerRange } from './propagation.js';
export { rollout, type RolloutOptions } from './rollout.js';
export { vitExplainGradientRollout, vitExplainRollout } from './vit-explain.js';
