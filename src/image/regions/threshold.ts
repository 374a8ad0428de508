import { UsageError } from '../../errors.js';
import { described } from '../../given.js';
import { checkMap } from '../given.js';
import type { PatchMap } from '../overlay.js';

/** Rules that find the threshold of a map by its values. */
export const thresholdRules = ['mean', 'otsu'] as const;

/**
 * From where on a map counts as object: a share of the way from its smallest value to its largest, as class activation maps are
 * cut, or what a rule finds.
 */
export type Threshold = number | (typeof thresholdRules)[number];

/** The one that fits objects best whatever the method: see docs/objects.md. */
export const usualThreshold: Threshold = 'mean';

/** @throws UsageError unless it is a threshold */
export function checkThreshold(threshold: unknown): asserts threshold is Threshold {
  const isShare = typeof threshold === 'number' && threshold >= 0 && threshold < 1;
  if (isShare || thresholdRules.some((rule) => rule === threshold)) return;
  throw new UsageError(
    `The threshold is ${described(threshold)}; give a share from 0 to below 1, such as 0.2, or ${thresholdRules.join(' or ')}.`,
  );
}

/**
 * The value from which on a map counts as object: of its positive part, since what speaks against a class is no part of it.
 * @returns undefined for a map that has nothing to tell apart: the same everywhere, or nowhere above 0
 * @throws UsageError unless the threshold is one
 */
export function levelOf(map: PatchMap, threshold: Threshold = usualThreshold): number | undefined {
  checkMap('levelOf', map);
  checkThreshold(threshold);
  const positive = Float64Array.from(map.values, (value) => Math.max(0, value));
  const [low, high] = [Math.min(...positive), Math.max(...positive)];
  if (!(high > low)) return undefined;
  const heights = positive.map((value) => (value - low) / (high - low));
  const share = typeof threshold === 'number' ? threshold : found[threshold](heights);
  return low + share * (high - low);
}

/** Of values from 0 to 1. */
const found: Readonly<Record<(typeof thresholdRules)[number], (heights: Float64Array) => number>> = {
  mean: twiceTheMean,
  otsu,
};

/** Source: Achanta, Hemami, Estrada and Süsstrunk, "Frequency-tuned salient region detection", 2009, equation 10. */
function twiceTheMean(heights: Float64Array): number {
  return (2 * heights.reduce((sum, height) => sum + height, 0)) / heights.length;
}

const BINS = 256;

/**
 * What parts values into two groups that lie as far apart as can be, weighted by how many they are.
 * Source: Otsu, "A threshold selection method from gray-level histograms", 1979.
 */
function otsu(heights: Float64Array): number {
  const counts = new Float64Array(BINS);
  for (const height of heights) counts[Math.min(BINS - 1, Math.floor(BINS * height))]++;
  const total = counts.reduce((sum, count, bin) => sum + count * bin, 0);
  let [best, bestBin, below, sumBelow] = [-1, 0, 0, 0];
  for (let bin = 0; bin < BINS - 1; bin++) {
    below += counts[bin];
    sumBelow += counts[bin] * bin;
    const above = heights.length - below;
    if (below === 0 || above === 0) continue;
    const between = below * above * (sumBelow / below - (total - sumBelow) / above) ** 2;
    if (between > best) [best, bestBin] = [between, bin];
  }
  return (bestBin + 1) / BINS;
}
