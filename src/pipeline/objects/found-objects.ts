import { UsageError } from '../../errors.js';
import { readClass } from '../../evaluate/index.js';
import { findRegions, levelOf, type Region, type Threshold } from '../../image/index.js';
import type { Values } from '../../tensor/index.js';
import type { ComputedMap } from '../explainer.js';

/** What of a map is taken for objects: regions of the original picture, by what they were found. */
export interface FoundObjects {
  readonly threshold: Threshold;
  /** The value from which on the map counts as object; undefined of a map that has nothing to tell apart. */
  readonly level: number | undefined;
  /** The most certain one first. */
  readonly found: readonly FoundObject[];
}

export interface FoundObject extends Region {
  /** How probable the class is, times how high the map rises in it beside its highest place; the latter alone of no class. 0..1 */
  readonly score: number;
}

/**
 * The objects that a map shows, at the picture's own size.
 * @param logits of the picture
 * @throws UsageError for a view, whose maps are to be compared, or a threshold that is none
 */
export function findObjects(
  map: Pick<ComputedMap, 'method' | 'values' | 'grid' | 'geometry' | 'captions' | 'target' | 'score'>,
  logits: Values,
  threshold: Threshold,
): FoundObjects {
  if (map.captions !== undefined) {
    throw new UsageError(
      `${map.method.name} makes several maps, and objects are found on one; choose a method of one map.`,
    );
  }
  const level = levelOf(map, threshold);
  const regions = level === undefined ? [] : findRegions(map, map.geometry, level);
  const certainty = certaintyOf(map, logits);
  const highest = regions.at(0)?.peak ?? 1;
  const found = regions.map((region) => ({ ...region, score: (certainty * region.peak) / highest }));
  return { threshold, level, found };
}

function certaintyOf({ target }: Pick<ComputedMap, 'target'>, logits: Values): number {
  if (target?.kind !== 'class' && target?.kind !== 'contrast') return 1;
  return readClass(logits, { index: target.index }).probability!;
}
