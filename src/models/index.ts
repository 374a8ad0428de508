/** Models, their checkpoints and their class names. */
export {
  parseClassQuery,
  resolveClass,
  shortLabel,
  wholeLabels,
  type ClassQuery,
} from './registry/class-names.js';
export { sceneLabels, type SceneLabel } from './registry/scene-labels.js';
export { imagenetLabels } from './registry/imagenet-labels.js';
export { loadCheckpoint } from './checkpoint/load.js';
export { mostProbable, type Prediction } from './predict.js';
export { demoModel, findModel, modelNames, type ModelEntry } from './registry/registry.js';
export { readSafetensors, type Checkpoint, type CheckpointTensor } from './checkpoint/safetensors.js';
export type { Dtype as StoredDType } from './checkpoint/values.js';
export { writeSafetensors } from './checkpoint/write.js';
export { meanOfTokens, type PoolingKind } from './pooling.js';
export { VisionTransformer } from './vision-transformer.js';
export type {
  CompleteConfig,
  Extent,
  FinalNorm,
  VisionTransformerConfig,
} from './vision-transformer-config.js';
