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
export { imagenetWordnetIds } from './registry/imagenet-wordnet.js';
export { loadCheckpoint } from './checkpoint/load.js';
export { mostProbable, type Prediction } from './predict.js';
export { blobSource, bytesSource, type ByteSource } from './checkpoint/byte-source.js';
export { openCheckpoint, type Checkpoint } from './checkpoint/checkpoint.js';
export { openTensors } from './checkpoint/open-tensors.js';
export { openSafetensors } from './checkpoint/safetensors/read.js';
export { shardNames, type Sibling } from './checkpoint/sharded.js';
export { writeNpy } from './checkpoint/numpy/write.js';
export { writeModel } from './checkpoint/write-model.js';
export { writeSafetensors } from './checkpoint/safetensors/write.js';
export { readTensors, type ReadTensor } from './checkpoint/read-tensors.js';
export type { CheckpointTensor, TensorFile } from './checkpoint/tensor-file.js';
export type { DroppedTensor } from './checkpoint/translate.js';
export { architectureArguments, architectureConfig, architectureNames } from './registry/architectures.js';
export { demoModel } from './registry/demo-model.js';
export type { ModelEntry } from './registry/model-entry.js';
export {
  defaultModelName,
  findModel,
  fullName,
  isModelName,
  modelNames,
  ofArchitecture,
} from './registry/registry.js';
export { forbidsCommerce, unknownLicence } from './registry/licences.js';
export { labelsOf, outputCount, type ModelOutputs, type OutputKind } from './registry/labels.js';
export { parameterCount } from './parameter-count.js';
export { atGridOf } from './checkpoint/resized.js';
export { describeModel, type ConfigurationFiles } from './configuration/describe.js';
export type { ModelDescription } from './configuration/description.js';
export { describeOwn, ownMetadata, type OwnDescription } from './configuration/own.js';
export { parseLabels } from './configuration/labels.js';
export { recognise, type Hints, type Recognised, type TensorShapes } from './configuration/from-tensors.js';
export type { TimmArguments } from './configuration/timm-arguments.js';
export { timmPreprocessing, type TimmPictures } from './configuration/timm-preprocessing.js';
export type { PositionKind } from './fixed-positions.js';
export { atSize, withLabels, type AdaptableModel } from './adapted.js';
export { checkpointEndings, filesOfModel, isCheckpointName, type FolderFiles } from './folder-files.js';
export { parseImageSize, preprocessingAt } from './input-size.js';
export { modelOfCheckpoint, type ConcludedModel } from './of-checkpoint.js';
export { modelOfConfiguration, ownModel, recogniseModel, type UnlistedModel } from './unlisted.js';
export { meanOfTokens, type PoolingKind } from './pooling.js';
export { VisionTransformer } from './vision-transformer.js';
export { completed, sizesOf } from './vision-transformer-config.js';
export type {
  CompleteConfig,
  Extent,
  FinalNorm,
  VisionTransformerConfig,
} from './vision-transformer-config.js';
export type { Dtype as StoredDType } from './checkpoint/values.js';
