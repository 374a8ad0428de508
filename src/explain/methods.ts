/** Every method, a line each. Commands, documents, tables and tests are loops over what is exported here. */
export { attentionGradcam } from './methods/attention-gradcam.js';
export { cheferIccv21 } from './methods/chefer-iccv21.js';
export { gradientRollout } from './methods/gradient-rollout.js';
export { rollout } from './methods/rollout.js';
export { vitExplainGradientRollout } from './methods/vit-explain-gradient-rollout.js';
export { vitExplainRollout } from './methods/vit-explain-rollout.js';
