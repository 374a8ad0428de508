/** What a classifier is worth. */
export { classScores, confusion, type ClassScores, type Confusion } from './confusion.js';
export { Predictions } from './predictions.js';
export { metricsOf, type Metrics } from './metrics.js';
export { predicted, rocAuc, topK } from './ranks.js';
