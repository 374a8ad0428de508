import { UsageError } from '../../errors.js';
import { refused } from './data/refused.js';
import { nearest } from './nearest.js';

/**
 * Why there is nothing under a name: it is known to be of another kind, or not known; then with those that are near.
 * @param what "model" or "architecture"
 * @param known the names there are
 */
export function refusal(what: string, name: string, known: readonly string[]): UsageError {
  const of = otherKind(name);
  if (of !== undefined) {
    return new UsageError(
      `The ${what} "${name}" ${of}, which is not supported; vitrine runs plain vision transformers such as ` +
        'vit_base_patch16_224, and "vitrine models" lists them.',
    );
  }
  const near = nearest(name, known);
  const hint = near.length > 0 ? `did you mean ${orList(near)}? "` : '"';
  return new UsageError(`There is no ${what} "${name}"; ${hint}vitrine models" lists what there is.`);
}

/** In what a model of another kind is not a plain vision transformer, after "it". */
function otherKind(name: string): string | undefined {
  return refused.find(([names]) => names.test(name))?.[1];
}

/** "a", "a or b", "a, b or c". */
export function orList(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)!}`;
}
