import { UsageError } from '../errors.js';
import type { ClassTarget } from '../explain/index.js';

/** A target as it is asked for: another picture is known by its path until its features are. */
export type AskedTarget =
  | Exclude<ClassTarget, { readonly kind: 'similarity' }>
  | { readonly kind: 'similarity'; readonly path: string };

/** What can be asked about features, for help and messages. */
export const featureTargets = 'norm, feature:K or similarity:PATH';

/**
 * Reads what a person asks about a model without classes: `norm`, `feature:17` and `similarity:other.png`, separated by
 * commas.
 * @param features how many the model has
 * @throws UsageError if a part of it is none of these
 */
export function parseFeatureTargets(text: string, features: number): AskedTarget[] {
  const parts = text.split(',').map((part) => part.trim());
  return [...new Set(parts)].map((part): AskedTarget => {
    if (part === 'norm') return { kind: 'norm' };
    const asked = /^(feature|similarity):(.+)$/s.exec(part);
    if (!asked) throw new UsageError(`--target does not know "${part}"; give ${featureTargets}.`);
    const [, kind, value] = asked;
    if (kind === 'similarity') return { kind, path: value };
    const index = /^\d+$/.test(value) ? Number(value) : -1;
    if (index < 0 || index >= features) {
      throw new UsageError(`There is no feature ${value}; this model has features 0 to ${features - 1}.`);
    }
    return { kind: 'feature', index };
  });
}
