/** Modules: names, parameters, hooks, and the layers of a vision transformer. */
export { adamW, adamWState, type AdamWOptions, type AdamWState } from './adamw.js';
export { clipByNorm } from './clip.js';
export { Attention } from './attention.js';
export { Block } from './block.js';
export { Dropout } from './dropout.js';
export { Identity } from './identity.js';
export { LayerNorm } from './layer-norm.js';
export { Linear } from './linear.js';
export { crossEntropy, logSoftmax } from './losses.js';
export { Gelu, Mlp } from './mlp.js';
export { Module, type ForwardHook, type FullBackwardHook, type HookHandle } from './module.js';
export { Parameter } from './parameter.js';
export { PatchEmbed, PatchProjection } from './patch-embed.js';
export { record, type Recording } from './record.js';
