import { rangeOf, type ClassTarget } from 'vitrine';
import type { MapFacts, ModelFacts } from '../protocol.js';

/** Three digits of a number, with a minus as long as a plus. */
export function number(value: number): string {
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-3 || size >= 1e6)
      ? value.toExponential(1)
      : String(Number(value.toPrecision(3)));
  return text.replaceAll('-', '\u2212').replace('e+', 'e');
}

export function percent(share: number): string {
  const value = 100 * share;
  return `${value >= 10 || value === 0 ? Math.round(value) : value.toFixed(1)}\u2009%`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

/** With a capital at its beginning. */
export function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `libra-handoff` as `Libra handoff`, `headFusion` as `Head fusion`. */
export function spelled(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll('-', ' ');
  return sentence(words);
}

/** What is explained. */
function targetInWords(target: ClassTarget, { labels }: Pick<ModelFacts, 'labels'>): string {
  switch (target.kind) {
    case 'class':
      return labels[target.index];
    case 'contrast':
      return `${labels[target.index]} rather than ${labels[target.against]}`;
    case 'rank':
      return `the class of rank ${target.rank + 1}`;
    case 'feature':
      return `feature ${target.index}`;
    case 'norm':
      return 'all features together';
    case 'similarity':
      return 'how alike it is to another';
    default:
      return target satisfies never;
  }
}

const [vertical, horizontal] = [
  ['upper', 'middle', 'lower'],
  ['left', 'middle', 'right'],
];

/** Of a grid in nine parts, how much of the weight each has, the heaviest first. */
function ninths(
  weights: readonly number[],
  [rows, columns]: readonly [number, number],
): [name: string, share: number][] {
  const parts = new Map<string, number>();
  const total = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  weights.forEach((weight, i) => {
    const [down, across] = [
      Math.min(2, Math.floor((3 * Math.floor(i / columns)) / rows)),
      Math.min(2, Math.floor((3 * (i % columns)) / columns)),
    ];
    const name = down === 1 && across === 1 ? 'middle' : `${vertical[down]} ${horizontal[across]}`;
    parts.set(name, (parts.get(name) ?? 0) + weight / total);
  });
  return [...parts].sort(([, a], [, b]) => b - a);
}

/** What a map shows, for those who do not see it: of what, where its mass lies, and where it is hottest. */
export function mapInWords(map: MapFacts, model: ModelFacts): string {
  const { values, grid, shows, target, method, note } = map;
  if (note !== undefined) return `${sentence(note)}.`;
  const numbers = Array.from(values.subarray(0, grid[0] * grid[1]));
  const weights = numbers.map((value) =>
    Math.max(0, shows === 'level' ? value - Math.min(...numbers) : value),
  );
  const places = ninths(weights, grid)
    .slice(0, 2)
    .map(([name, share]) => `${percent(share)} in the ${name}`)
    .join(', ');
  const hottest = numbers.indexOf(Math.max(...numbers));
  const where = `row ${Math.floor(hottest / grid[1]) + 1}, column ${(hottest % grid[1]) + 1} of ${grid[0]} by ${grid[1]}`;
  const against = numbers.reduce((sum, value) => sum + Math.max(0, -value), 0);
  const total = numbers.reduce((sum, value) => sum + Math.abs(value), 0) || 1;
  const evidence =
    shows === 'signed' ? ` ${percent(against / total)} of all evidence speaks against it.` : '';
  const what = shows === 'signed' ? 'What speaks for it lies' : 'Its weight lies';
  const whose = target === undefined ? ', the same for every class' : ` of ${targetInWords(target, model)}`;
  return `${spelled(method)}${whose}. ${what} ${places}; the strongest patch is ${where}.${evidence}`;
}

/** Smallest and largest value of a map, around 0 where it is signed. */
export function rangeOfMap({ values, shows }: Pick<MapFacts, 'values' | 'shows'>): readonly [number, number] {
  return rangeOf(values, shows === 'signed');
}

/** Of each class: its label, with its number where others have the same, as the two cranes of ImageNet. */
export function uniqueNames(labels: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return labels.map((label, index) => (counts.get(label) === 1 ? label : `${label} (${index})`));
}
