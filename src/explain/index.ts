/** Explanations: pure functions over attention and geometry. */
export { discard, headFusions, rollout, type HeadFusion, type RolloutOptions } from './rollout.js';
