import { UsageError } from '../errors.js';
import type { ClassTarget } from '../explain/index.js';
import { aText, expectGiven } from '../given.js';
import { parseClassQuery, resolveClass, wholeLabels } from '../models/index.js';

/** What can be asked of classes. */
export type AskedClass = Extract<ClassTarget, { readonly kind: 'class' | 'contrast' | 'rank' }>;

/**
 * What a person asks for: classes by index or name, `topK`, and contrasts such as `87-161` or `dog..cat` (the first one's logit
 * minus the other's), separated by commas; a label may be pasted whole, commas and all. Left out, it is the most probable class
 * of each picture.
 * @param labels comma-separated synonyms of each class, by index
 * @throws UsageError if a part of it is no class
 */
export function parseTargets(text: string | undefined, labels: readonly string[]): AskedClass[] {
  if (text === undefined) return [{ kind: 'rank', rank: 0 }];
  expectGiven('The text of classes', text, aText);
  const targets = partsOf(unquoted(text), labels)
    .map(unquoted)
    .flatMap((part) => parseOne(part, labels));
  const seen = new Set<string>();
  return targets.filter((target) => {
    const key = JSON.stringify(target);
    return !seen.has(key) && seen.add(key);
  });
}

const quotes = [`""`, `''`, '“”', '‘’', '„“', '«»'];

/** Without the quotes around it, which some shells pass on. */
function unquoted(text: string): string {
  const inner = text.trim();
  const isQuoted = quotes.some(
    ([open, close]) => inner.length > 1 && inner.startsWith(open) && inner.endsWith(close),
  );
  return isQuoted && !inner.slice(1, -1).includes(inner[0]) ? inner.slice(1, -1) : text;
}

/** What commas separate, but for those inside a label that is there as a whole. */
function partsOf(text: string, labels: readonly string[]): string[] {
  const pieces = text.split(',');
  if (pieces.length === 1) return pieces;
  const isWhole = wholeLabels(labels);
  const parts: string[] = [];
  while (pieces.length > 0) {
    const lengths = [...pieces.keys()].map((last) => last + 1).reverse();
    const whole = lengths.find((length) => length > 1 && isWhole(pieces.slice(0, length).join(',')));
    parts.push(pieces.splice(0, whole ?? 1).join(','));
  }
  return parts;
}

/** Two indices with a hyphen or a dash between, or any two classes with two dots or a dash longer than a hyphen. */
const contrasts = [
  /^\s*(\d+)\s*[-\u2010-\u2014\u2212]\s*(\d+)\s*$/,
  /^(.*?)(?:\.\.|[\u2026\u2013\u2014])(.*)$/,
];

function parseOne(part: string, labels: readonly string[]): AskedClass[] {
  const contrast = contrasts.map((pattern) => pattern.exec(part)).find((found) => found !== null);
  // A label may have a dash of its own.
  if (contrast && !wholeLabels(labels)(part)) {
    const [index, against] = contrast.slice(1).map((name) => resolveClass(name, labels));
    if (index === against) {
      throw new UsageError(`"${part.trim()}" is the difference of a class with itself; give two classes.`);
    }
    return [{ kind: 'contrast', index, against }];
  }
  const query = parseClassQuery(part, labels.length);
  if (query.kind === 'top') {
    return Array.from({ length: query.count }, (_, rank): AskedClass => ({ kind: 'rank', rank }));
  }
  return [{ kind: 'class', index: resolveClass(part, labels) }];
}
