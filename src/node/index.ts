/** What the engine needs from Node: files, picture decoders, checkpoints on disk or on the hub, Dawn. */
export {
  openBackend,
  deviceNames,
  type BackendOptions,
  type DeviceName,
  type OpenedBackend,
} from './backend.js';
export { openNative, parseThreads } from './native.js';
export { writeFileAtomically, writeFilesAtomically, type FileToWrite } from './files.js';
export { failureInWords } from './failure-in-words.js';
export {
  loadModel,
  openModel,
  type CheckpointFile,
  type Fallback,
  type LoadedModel,
  type ModelRequest,
  type OpenedModel,
} from './models.js';
export { readPicture, writePng } from './pictures.js';
export { encodePng } from './png.js';
export { formatSelfCheck, runSelfCheck, type SelfCheckReport } from './self-check.js';
export { readSprites } from './sprites.js';
export { TrainingFiles, type SavedTraining } from './training-files.js';
export { readTuning, tuningFile, writeTuning, type TunedVariants } from './tuned-variants.js';
export { openWebGPU, type WebGPUOptions } from './webgpu.js';
export { findWeights, readParameters, readWeights } from './weights.js';
