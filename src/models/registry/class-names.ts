import { UsageError } from '../../errors.js';
import { aText, expectGiven, listOf, wholeNumber } from '../../given.js';
import { editDistance } from './edit-distance.js';

/** What a person can ask for: a class by its index, by its name, or the `count` most probable ones. */
export type ClassQuery =
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'top'; readonly count: number };

const texts = listOf('texts, one a class', aText);

/** How many classes a message lists at most. */
const listed = 5;

/**
 * Reads "87" as an index, "top5" as the five most probable classes and everything else as a name, which
 * `resolveClass` then looks up.
 *
 * @param classCount number of classes of the model
 * @throws UsageError when the text is empty, the index no class or the count not within 1..classCount
 */
export function parseClassQuery(text: string, classCount: number): ClassQuery {
  expectGiven('The class', text, aText);
  expectGiven('The number of classes', classCount, wholeNumber(1));
  const query = text.trim();
  if (query === '') throw new UsageError('The class is empty: give an index, a name or "top5".');
  if (/^[-+]?\d+(\.\d*)?$/.test(query)) return { kind: 'index', index: checkIndex(query, classCount) };
  const top = /^top[ -]?(\d+)$/i.exec(query);
  if (!top) return { kind: 'name', name: query };
  const count = Number(top[1]);
  if (count < 1 || count > classCount) {
    throw new UsageError(`"${query}" asks for ${top[1]} classes: give "top1" to "top${classCount}".`);
  }
  return { kind: 'top', count };
}

/**
 * The index of the class that the query means: an index ("87"), else a synonym in full ("African grey"), also with its index
 * as results tell it ("African grey (87)"), else a part that only one label holds ("african gr"). Case, underscores and
 * repeated spaces do not matter.
 *
 * @param labels comma-separated synonyms of each class, by index
 * @throws UsageError that lists candidates when no class or more than one fits, or when the index is no class
 */
export function resolveClass(query: string, labels: readonly string[]): number {
  expectGiven('The list of labels', labels, texts);
  const parsed = parseClassQuery(query, labels.length);
  if (parsed.kind === 'index') return parsed.index;
  const name = normalize(query);
  const exact = indicesWhere(labels, (label) => isCalled(label, name));
  if (exact.length === 1) return exact[0];
  const told = /^(.+) \((\d+)\)$/.exec(name);
  if (told && indicesWhere(labels, (label) => isCalled(label, told[1])).includes(Number(told[2]))) {
    return Number(told[2]);
  }
  const fitting = exact.length > 1 ? exact : indicesWhere(labels, (label) => label.includes(name));
  if (fitting.length === 1) return fitting[0];
  if (fitting.length > 1) {
    throw new UsageError(
      `"${query}" fits ${fitting.length} classes: ${listing(wholeWordsFirst(fitting, name, labels), labels)}; ` +
        `give the index or a longer name.`,
    );
  }
  const close = closest(name, labels);
  const hint =
    close.length > 0 ? `did you mean ${listing(close, labels)}?` : 'give an index or another name.';
  throw new UsageError(`No class is called "${query}": ${hint}`);
}

/**
 * Tells of texts whether they are all of a label, every synonym of it. Case, underscores and repeated spaces do not
 * matter.
 */
export function wholeLabels(labels: readonly string[]): (text: string) => boolean {
  expectGiven('The list of labels', labels, texts);
  const known = new Set(labels.map(normalize));
  return (text) => known.has(normalize(text));
}

/** The first synonym: "African grey" for "African grey, African gray, Psittacus erithacus". */
export function shortLabel(label: string): string {
  expectGiven('The label', label, aText);
  return label.split(',', 1)[0].trim();
}

function checkIndex(text: string, classCount: number): number {
  const index = Number(text);
  if (!Number.isInteger(index) || index < 0 || index >= classCount) {
    throw new UsageError(`There is no class ${text}: give an index from 0 to ${classCount - 1}, or a name.`);
  }
  return index;
}

function normalize(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\s_]+/g, ' ')
    .trim();
}

function synonyms(label: string): string[] {
  return label.split(',').map((synonym) => synonym.trim());
}

/** Whether a normalized name is all of a label, or one of its synonyms. */
function isCalled(label: string, name: string): boolean {
  return label === name || synonyms(label).includes(name);
}

/** Indices of the labels that fit; the test sees them normalized. */
function indicesWhere(labels: readonly string[], fits: (label: string) => boolean): number[] {
  return [...labels.keys()].filter((index) => fits(normalize(labels[index])));
}

/** "cat" finds "Persian cat" sooner than "cattle"; the order is otherwise that of the labels. */
function wholeWordsFirst(indices: number[], name: string, labels: readonly string[]): number[] {
  const padded = (index: number): string => ` ${normalize(labels[index]).replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
  const isWord = (index: number): number => Number(padded(index).includes(` ${name} `));
  return [...indices].sort((a, b) => isWord(b) - isWord(a));
}

/** Up to three classes with a synonym at most a third of the letters away from the name. */
function closest(name: string, labels: readonly string[]): number[] {
  const limit = Math.max(1, Math.floor(name.length / 3));
  return [...labels.keys()]
    .map((index) => {
      const distances = synonyms(normalize(labels[index])).map((synonym) =>
        editDistance(name, synonym, limit),
      );
      return { index, distance: Math.min(...distances) };
    })
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ index }) => index);
}

function listing(indices: readonly number[], labels: readonly string[]): string {
  const names = indices.slice(0, listed).map((index) => `${index} (${labels[index]})`);
  return names.join(', ') + (indices.length > listed ? ', …' : '');
}
