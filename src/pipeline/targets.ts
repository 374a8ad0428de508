import { UsageError } from '../errors.js';
import type { ClassTarget } from '../explain/index.js';
import { parseClassQuery, resolveClass } from '../models/index.js';

/**
 * What a person asks for: classes by index or name, `topK`, and contrasts such as `87-161` (logit 87 minus logit
 * 161), separated by commas. Left out, it is the most probable class of each picture.
 * @param labels comma-separated synonyms of each class, by index
 * @throws UsageError if a part of it is no class
 */
export function parseTargets(text: string | undefined, labels: readonly string[]): ClassTarget[] {
  if (text === undefined) return [{ kind: 'rank', rank: 0 }];
  const targets = text.split(',').flatMap((part) => parseOne(part, labels));
  const seen = new Set<string>();
  return targets.filter((target) => {
    const key = JSON.stringify(target);
    return !seen.has(key) && seen.add(key);
  });
}

function parseOne(part: string, labels: readonly string[]): ClassTarget[] {
  const contrast = /^\s*(\d+)\s*-\s*(\d+)\s*$/.exec(part);
  if (contrast) {
    const [index, against] = contrast.slice(1).map((number) => resolveClass(number, labels));
    if (index === against) {
      throw new UsageError(`"${part.trim()}" is the difference of a class with itself; give two classes.`);
    }
    return [{ kind: 'contrast', index, against }];
  }
  const query = parseClassQuery(part, labels.length);
  if (query.kind === 'top') {
    return Array.from({ length: query.count }, (_, rank): ClassTarget => ({ kind: 'rank', rank }));
  }
  return [{ kind: 'class', index: resolveClass(part, labels) }];
}
