/** Training: from a configuration to steps, each one run of one program; and the scenes to train on. */
export * from '../data/scenes/index.js';
export { parseTrainConfig, type TrainConfig } from './config.js';
export { DropPath } from './drop-path.js';
export { initialize } from './initialize.js';
export { Learner } from './learner.js';
export { beginWith, restore, type StoredTensors } from './restore.js';
export { learningRateAt } from './schedule.js';
export { formatLog, parseLog, type LogRow } from './log.js';
export { drawCurve } from './curve.js';
export {
  freshOptimizer,
  modelOf,
  namedState,
  Trainer,
  type Batch,
  type StepResult,
  type TrainingState,
} from './trainer.js';
