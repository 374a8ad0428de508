/** Models, their checkpoints and their class names. */
export { parseClassQuery, resolveClass, shortLabel, type ClassQuery } from './class-names.js';
export { imagenetLabels } from './imagenet-labels.js';
export { loadCheckpoint } from './load-checkpoint.js';
export { mostProbable, type Prediction } from './predict.js';
export { demoModel, findModel, modelNames, type ModelEntry } from './registry.js';
export { readSafetensors, type Checkpoint, type CheckpointTensor } from './safetensors.js';
export { writeSafetensors } from './write-safetensors.js';
export { VisionTransformer, type VisionTransformerConfig } from './vision-transformer.js';
