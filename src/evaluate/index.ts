/** How good an explanation is: measures against masks and by taking away, and the baselines that belong beside them. */
export { centreGaussianBaseline, randomBaseline, uniformBaseline } from './baselines.js';
export {
  areaUnder,
  curvesOf,
  readClass,
  type Curves,
  type ReadClass,
  type Reading as StepReading,
} from './curves.js';
export { quantile, Resamples, type Interval } from './bootstrap.js';
export { rankCorrelation, ranksOf } from './correlation.js';
export { needs, type Evidence, type Likeness, type Located, type Measure, type Needs } from './measure.js';
export { findMeasures, measureGroups } from './groups.js';
export { measures } from './measures.js';
export { averagePrecision } from './measures/average-precision.js';
export { discrimination } from './measures/discrimination.js';
export { energy } from './measures/energy.js';
export { lift } from './measures/lift.js';
export { boxIou, maskIou } from './measures/objects.js';
export { pointsAt } from './measures/pointing.js';
export { topPixelsIou } from './measures/iou.js';
export { blackened, pixelStates, type PixelStates } from './pixel-removal.js';
export { ordersOf, RemovalPlan, usualSteps, type Steps } from './removal.js';
export { saliency, type Saliency } from './saliency.js';
export { summarize, type Cell, type MeasuredMap, type SummaryRow } from './summary.js';
