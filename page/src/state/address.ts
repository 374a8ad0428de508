import type { ClassTarget } from 'vitrine';
import { deviceChoices, type HeadPlace, type ModelFacts } from '../protocol.js';
import { usual, type Asked } from './state.js';

/*
 * The state, less the picture, behind the # of the address, which browsers send to nobody. What is as usual is left out.
 */

const target = {
  write: (given: ClassTarget): string => {
    switch (given.kind) {
      case 'class':
        return String(given.index);
      case 'contrast':
        return `${given.index}-${given.against}`;
      case 'rank':
        return `top${given.rank + 1}`;
      case 'feature':
        return `feature:${given.index}`;
      default:
        return given.kind;
    }
  },
  read: (text: string): ClassTarget | undefined => {
    if (text === 'norm') return { kind: 'norm' };
    const [first, second] = /^(\d+)(?:-(\d+))?$/.exec(text)?.slice(1).map(Number) ?? [NaN, NaN];
    if (second >= 0) return { kind: 'contrast', index: first, against: second };
    if (first >= 0) return { kind: 'class', index: first };
    const rank = Number(/^top([1-9]\d*)$/.exec(text)?.at(1));
    if (rank > 0) return { kind: 'rank', rank: rank - 1 };
    const feature = Number(/^feature:(\d+)$/.exec(text)?.at(1));
    return feature >= 0 ? { kind: 'feature', index: feature } : undefined;
  },
};

const heads = {
  write: (places: readonly HeadPlace[]): string => places.map((place) => place.join('.')).join(','),
  read: (text: string): readonly HeadPlace[] =>
    text
      .split(',')
      .map((place) => /^(\d+)\.(\d+)$/.exec(place))
      .filter((found) => found !== null)
      .map(([, block, head]): HeadPlace => [Number(block), Number(head)]),
};

/** How each part is written and read; undefined for what makes no sense, which is then as usual. */
const parts: {
  readonly [Part in keyof Asked]: {
    readonly write: (value: Asked[Part]) => string | undefined;
    readonly read: (text: string) => Asked[Part] | undefined;
  };
} = {
  device: { write: String, read: (text) => deviceChoices.find((choice) => choice === text) },
  model: { write: String, read: String },
  size: { write: (value) => value, read: String },
  picture: { write: String, read: String },
  method: { write: String, read: String },
  options: { write: JSON.stringify, read: objectOf },
  target,
  score: {
    write: String,
    read: (text) => (text === 'logit' || text === 'log-probability' ? text : undefined),
  },
  beside: { write: (value) => value, read: String },
  opacity: { write: String, read: numberUpTo(1) },
  block: { write: String, read: wholeUpTo(10_000) },
  head: { write: String, read: (text) => (text === 'mean' ? text : wholeUpTo(10_000)(text)) },
  without: heads,
  step: { write: (value) => value?.toString(), read: wholeUpTo(6) },
};

export function writeAddress(asked: Asked): string {
  const words = new URLSearchParams();
  for (const part of Object.keys(parts) as (keyof Asked)[]) {
    const text = written(part, asked);
    if (text !== undefined && text !== written(part, usual)) words.set(part, text);
  }
  return words.toString();
}

function written(part: keyof Asked, asked: Asked): string | undefined {
  const { write } = parts[part] as { readonly write: (value: unknown) => string | undefined };
  return write(asked[part]);
}

/** What of it there is in a model: block and head, and neither steps nor heads where attention has no matrices. */
export function fitted(
  asked: Asked,
  { depth, heads, hasAttention }: Pick<ModelFacts, 'depth' | 'heads' | 'hasAttention'>,
): Asked {
  return {
    ...asked,
    block: Math.min(asked.block, depth - 1),
    head: asked.head === 'mean' || asked.head >= heads ? 'mean' : asked.head,
    without: hasAttention ? asked.without.filter(([block, head]) => block < depth && head < heads) : [],
    step: hasAttention ? asked.step : undefined,
  };
}

export function readAddress(text: string): Asked {
  const words = new URLSearchParams(text.replace(/^#/, ''));
  const found = (Object.keys(parts) as (keyof Asked)[]).flatMap((part) => {
    const word = words.get(part);
    const value = word === null ? undefined : parts[part].read(word);
    return value === undefined ? [] : [[part, value] as const];
  });
  return { ...usual, ...Object.fromEntries(found) };
}

function numberUpTo(most: number): (text: string) => number | undefined {
  return (text) => {
    const number = Number(text);
    return text !== '' && number >= 0 && number <= most ? number : undefined;
  };
}

function wholeUpTo(most: number): (text: string) => number | undefined {
  const read = numberUpTo(most);
  return (text) => {
    const number = read(text);
    return Number.isInteger(number) ? number : undefined;
  };
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
