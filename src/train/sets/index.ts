/** What is trained on: one interface, and what implements it. */
export type { Batch, TrainingData, TrainingSet } from './training-set.js';
export { labelledData, type Damaged } from './labelled.js';
export { scenesData } from './scenes.js';
