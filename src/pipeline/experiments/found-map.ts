import { classOfRank, type ClassTarget } from '../../explain/index.js';
import type { Values } from '../../tensor/index.js';
import type { ComputedMap, ResolvedTarget } from '../explainer.js';

/** A map as a document tells of it, whatever it was computed by. */
export interface ToldMap
  extends
    Pick<ComputedMap, 'options' | 'grid' | 'values' | 'target' | 'score'>,
    Partial<
      Pick<
        ComputedMap,
        'captions' | 'readings' | 'votes' | 'numbers' | 'promised' | 'appraisal' | 'objects' | 'geometry'
      >
    > {
  readonly method: Pick<ComputedMap['method'], 'name'>;
  /** What its rows and columns are, if not those of patches. */
  readonly axes?: readonly [rows: string, columns: string];
  /** The score of its target, with everything in place: of a map of effects. */
  readonly before?: number;
}

/** Targets as they are for one picture: a rank has become the class that has it. */
export function resolvedTargets(targets: readonly ClassTarget[], logits: Values): readonly ResolvedTarget[] {
  return targets.map((target) =>
    target.kind === 'rank' ? { kind: 'class', index: classOfRank(logits, target.rank) } : target,
  );
}
