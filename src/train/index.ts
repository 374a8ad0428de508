/** Training: from a configuration to steps, each one run of one program; pictures to train on, how they are changed, and metrics. */
export * from '../data/scenes/index.js';
export * from '../data/sets/index.js';
export * from './augment/index.js';
export * from './metrics/index.js';
export * from './sets/index.js';
export {
  checkedRecipe,
  complaint,
  firstValidationImage,
  inSteps,
  parseRecipe,
  parseTrainConfig,
  trainSettings,
  usualInterval,
  type Recipe,
  type TrainConfig,
} from './config.js';
export { inputSizeIn } from './settings/model.js';
export { settingRows, type SettingRow } from './settings/rows.js';
export {
  areEndless,
  areScenes,
  labelledSettings,
  scenesSettings,
  type LabelledData,
  type ScenesData,
} from './settings/data.js';
export {
  presetNames,
  presets,
  tuningPreset,
  usualPreset,
  type PresetName,
  type Settings,
} from './settings/presets.js';
export { preprocessingOf, sceneSide } from './preprocessing.js';
export { guideKinds, guideLoss, type GuideKind } from './guide.js';
export { DropPath } from './drop-path.js';
export { initialize, type InitializeOptions } from './initialize/initialize.js';
export { schemes, type Scheme, type SchemeName } from './initialize/schemes.js';
export type { Draw } from './initialize/draws.js';
export type { Place, Role } from './initialize/place.js';
export { Learner } from './learner.js';
export { beginWith, restore, type StoredTensors } from './restore.js';
export { learningRateAt } from './schedule.js';
export { whyStateDiverged, whyStepDiverged, whyTestDiverged } from './divergence.js';
export { bestRow, formatLog, parseLog, type LogRow } from './log.js';
export { trainingSize, type TrainingSize } from './size.js';
export { drawCurve } from './curve.js';
export { Minimiser, type MinimiserOptions, type Objective } from './minimiser.js';
export { readBack } from './read-back.js';
export { freshMemory, type Memory, type MemoryConfig } from './memory.js';
export { modelOf, namedState, type TrainingState } from './state.js';
export { Trainer, type StepResult } from './trainer.js';
