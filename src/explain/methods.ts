/** Every method, a line each. Commands, documents, tables and tests are loops over what is exported here. */
export { attcat } from './methods/attcat.js';
export { attentionGradcam } from './methods/attention-gradcam.js';
export { attentionGradient } from './methods/attention-gradient.js';
export { cheferIccv21 } from './methods/chefer-iccv21.js';
export { fullgrad } from './methods/fullgrad.js';
export { fullgradPlus, skipplus } from './methods/fullgrad-plus.js';
export { gradientRollout } from './methods/gradient-rollout.js';
export { handoff } from './methods/handoff.js';
export { inputGradient } from './methods/input-gradient.js';
export { integratedGradients } from './methods/integrated-gradients.js';
export { ixg } from './methods/ixg.js';
export { legrad } from './methods/legrad.js';
export { recommended } from './methods/recommended.js';
export { rollout } from './methods/rollout.js';
export { tokenGradcam } from './methods/token-gradcam.js';
export { tokentm } from './methods/tokentm.js';
export { vitExplainGradientRollout } from './methods/vit-explain-gradient-rollout.js';
export { vitExplainRollout } from './methods/vit-explain-rollout.js';
