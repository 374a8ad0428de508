/** Experiments on a model: what becomes of its answer without a part of it, or of the picture. */
export { ablationInput, standIns, type Ablation, type AblationInput, type StandIn } from './ablation.js';
export { fills, type Fill } from './fills.js';
export { headEffects, headEffectsOnRollout, type Experiment } from './head-effects.js';
export { hooked, type Hooks } from './hooked.js';
export { knockOutHeads, type KnockOuts } from './knock-outs.js';
export { occludedPass, occlusion } from './occlusion.js';
export { partsOf, type Parts } from './parts.js';
export { noHeads, parseParts, partExamples, type NamedParts } from './spelling.js';
export { windowsOf, type Windows } from './windows.js';
