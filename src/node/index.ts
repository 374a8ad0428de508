/** What the engine needs from Node: files, picture decoders, checkpoints on disk or on the hub, Dawn. */
export {
  openBackend,
  deviceNames,
  type BackendOptions,
  type DeviceName,
  type OpenedBackend,
} from './devices/backend.js';
export { openNative } from './devices/native.js';
export { parseThreads } from './devices/threads.js';
export { openWasm } from './devices/wasm.js';
export {
  checkWritable,
  writeFileAtomically,
  writeFilesAtomically,
  type FileContent,
  type FileToWrite,
} from './files/write.js';
export { failureInWords } from './files/failure-in-words.js';
export {
  asksForOne,
  loadModel,
  openModel,
  openResolved,
  readPretrained,
  weightsOnDisk,
  type CheckpointFile,
  type Fallback,
  type LoadedModel,
  type OpenedModel,
} from './models/models.js';
export { isPath, isPlace, resolveModel, type ModelRequest, type ResolvedModel } from './models/resolve.js';
export type { LocatedModel } from './models/located.js';
export { readPicture, writePng } from './pictures/read.js';
export type { PictureOfFile } from './pictures/picture-of-file.js';
export { encodeFrames, readFrames, type FrameRange, type Frames } from './pictures/frames.js';
export { encodePng, encodePngBeside } from './pictures/encode-png.js';
export { readGolden } from './models/golden.js';
export { readSprites } from './pictures/sprites.js';
export {
  checkpointNames,
  TrainingFiles,
  type CheckpointName,
  type SavedTraining,
} from './files/training-files.js';
export { readTuning, tuningFile, writeTuning, type TunedVariants } from './devices/tuned-variants.js';
export { openWebGPU, type WebGPUOptions } from './devices/webgpu.js';
export type { Environment } from './hub/environment.js';
export type { HubFile, HubRevision } from './hub/download.js';
export { openWeights, readParameters, type OpenedWeights } from './models/open-weights.js';
export {
  findWeights,
  MissingWeightsError,
  type FoundWeights,
  type WeightsRequest,
} from './models/weights.js';
export { DataLoader } from './datasets/loading/loader.js';
export type { Order } from './datasets/loading/messages.js';
export type { Description } from './datasets/loading/messages.js';
export type { SetMark } from './datasets/loading/set-mark.js';
export { knownBefore, openParts, openTested, type DataRequest } from './datasets/loading/source.js';
export { labelledLayouts, openLabelledSet } from './datasets/labelled/open.js';
export type { Division, LabelledLayout, OpenedSet } from './datasets/labelled/layout.js';
