/** How good an explanation is: measures against masks, and the baselines that belong beside them. */
export { centreGaussianBaseline, randomBaseline, uniformBaseline } from './baselines.js';
export { discrimination, energy, lift, pointsAt, topPixelsIou } from './localization.js';
export { saliency, type Saliency } from './saliency.js';
