import { UsageError } from '../../errors.js';
import { aText, expectGiven } from '../../given.js';
import type { ModelSizes } from '../../geometry.js';
import { checkSizes } from '../method.js';
import { partsOf, type Parts } from './parts.js';

/** Parts as a person names them. */
export interface NamedParts {
  /** As they were spelled, without spaces. */
  readonly names: readonly string[];
  /** Their places in the list of all, lowest first: see `partsOf`. */
  readonly parts: readonly number[];
}

/** What numbers may be written for, with how many of it a model has. */
interface Numbered {
  readonly what: string;
  readonly count: number;
}

interface Spelling {
  /** An example, as a refusal shows it. */
  readonly example: string;
  readonly pattern: RegExp;
  /** @param found what is in the pattern's brackets */
  readonly parts: (
    found: readonly string[],
    read: Read,
    parts: Parts,
    sizes: ModelSizes,
  ) => readonly number[];
}

/** `3`, or `3-5` for each from the first to the last. */
type Read = (text: string, what: 'block' | 'head' | 'row' | 'column') => readonly number[];

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Whatever can be ablated, a line each. */
const spellings: readonly Spelling[] = [
  {
    example: 'blocks.5.attn:2',
    pattern: /^blocks\.([\d-]+)\.attn:([\d-]+)$/,
    parts: ([blocks, heads], read, parts, sizes) => {
      if (sizes.withoutAttention) throw noHeads();
      return read(blocks, 'block').flatMap((block) =>
        read(heads, 'head').map((head) => parts.head(block, head)),
      );
    },
  },
  {
    example: 'blocks.3-5.attn',
    pattern: /^blocks\.([\d-]+)\.attn$/,
    parts: ([blocks], read, parts, sizes) =>
      read(blocks, 'block').flatMap((block) => wholeAttention(block, parts, sizes)),
  },
  {
    example: 'blocks.5.mlp',
    pattern: /^blocks\.([\d-]+)\.mlp$/,
    parts: ([blocks], read, parts) => read(blocks, 'block').map((block) => parts.mlp(block)),
  },
  {
    example: 'blocks.5',
    pattern: /^blocks\.([\d-]+)$/,
    parts: ([blocks], read, parts, sizes) =>
      read(blocks, 'block').flatMap((block) => [...wholeAttention(block, parts, sizes), parts.mlp(block)]),
  },
  {
    example: 'patches:3,4;3,5',
    pattern: /^patches:((?:[\d-]+,[\d-]+;)*[\d-]+,[\d-]+)$/,
    parts: ([places], read, parts) =>
      places.split(';').flatMap((place) => {
        const [rows, columns] = place.split(',');
        return read(rows, 'row').flatMap((row) =>
          read(columns, 'column').map((column) => parts.patch(row, column)),
        );
      }),
  },
];

/** Of a model without attention matrices. */
export function noHeads(): UsageError {
  return new UsageError(
    'This model has no attention matrices, and so no heads to take out; take out whole attentions, MLPs or patches.',
  );
}

/** The heads too, for those that look at attention. */
function wholeAttention(block: number, parts: Parts, { heads }: ModelSizes): readonly number[] {
  return [parts.attention(block), ...upTo(heads).map((head) => parts.head(block, head))];
}

/** How parts are spelled, for a help. */
export const partExamples: readonly string[] = spellings.map(({ example }) => example);

/**
 * Reads names of parts, separated by commas: `blocks.5.attn:2` for a head, `blocks.3-5.attn`, `blocks.5.mlp`,
 * `patches:3,4;3,5`. A hyphen stands for all from one number to another.
 * @param wording what the text is called towards the person who gave it
 * @throws UsageError that says which name is none, or what this model does not have
 */
export function parseParts(text: string, sizes: ModelSizes, wording = 'The parts'): NamedParts {
  expectGiven('parseParts: the text', text, aText);
  checkSizes(sizes);
  const { depth, heads, grid } = sizes;
  const counts = { block: depth, head: heads, row: grid[0], column: grid[1] };
  const all = partsOf(sizes);
  const found = new Set<number>();
  // The commas of patches stand before a number, all others before a word.
  const names = text.replaceAll(/\s/g, '').split(/,(?![\d-])/);
  for (const name of names) {
    const read: Read = (range, what) =>
      numbersOf(range, { what, count: counts[what] }, `${wording} "${name}"`);
    const fitting = spellings.find(({ pattern }) => pattern.test(name));
    if (!fitting) {
      throw new UsageError(
        `${wording} "${name}" is no part of a model; write it as ${partExamples.join(' or ')}.`,
      );
    }
    const [, ...groups] = fitting.pattern.exec(name)!;
    for (const part of fitting.parts(groups, read, all, sizes)) found.add(part);
  }
  return { names, parts: [...found].sort((a, b) => a - b) };
}

function numbersOf(text: string, { what, count }: Numbered, where: string): readonly number[] {
  const range = /^(\d+)(?:-(\d+))?$/.exec(text);
  const [first = NaN, last = first] = (range ?? []).slice(1).filter(Boolean).map(Number);
  if (!(first <= last)) {
    throw new UsageError(
      `${where} has "${text}" for a ${what}; give a number such as 3, or two such as 3-5, the lower first.`,
    );
  }
  if (last >= count) {
    throw new UsageError(`${where} names ${what} ${last}; this model has ${what}s 0 to ${count - 1}.`);
  }
  return upTo(last - first + 1).map((i) => first + i);
}
