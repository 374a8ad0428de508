import { WeightsError } from '../../errors.js';
import type { Dialect } from './dialects/dialect.js';
import { dialects } from './dialects/dialects.js';
import { sourceOf } from './dialects/pattern.js';
import { rankOf } from './prefix.js';

/** How a checkpoint calls its tensors. */
export interface Recognised {
  readonly dialect: Dialect;
  /** What stands before every name, such as `module.`; mostly nothing. */
  readonly prefix: string;
  /** What stands before the names of further copies of the model. */
  readonly others: readonly string[];
}

/**
 * Recognises the dialect of names; undefined if it is none that is known.
 * @throws WeightsError if it cannot be told which of several models in the file is meant
 */
export function recognise(source: string, names: Iterable<string>): Recognised | undefined {
  const all = new Set(names);
  for (const dialect of dialects) {
    const prefixes = prefixesOf(dialect, all).sort((a, b) => rankOf(a) - rankOf(b));
    if (prefixes.length === 0) continue;
    const [prefix, ...others] = prefixes;
    if (others.length > 0 && rankOf(others[0]) === rankOf(prefix)) {
      throw new WeightsError(
        `"${source}" holds several models, under ${prefixes.map((name) => JSON.stringify(name)).join(', ')}, and it ` +
          'cannot be told which one is meant; save the one by itself.',
      );
    }
    return { dialect, prefix, others };
  }
  return undefined;
}

/** Prefixes under which all signs of a dialect are there. */
function prefixesOf({ signs: [first, ...further] }: Dialect, names: ReadonlySet<string>): string[] {
  const expression = new RegExp(`^((?:[^./]+[./])*)${sourceOf(first)}$`);
  return [...names]
    .flatMap((name) => (name.endsWith(first) ? (expression.exec(name)?.[1] ?? []) : []))
    .filter((prefix) => further.every((sign) => names.has(prefix + sign)));
}
