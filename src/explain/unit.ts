import { UsageError } from '../errors.js';
import { aText, described, expectGiven } from '../given.js';
import { mean, reshape, select, slice, type Tensor } from '../tensor/index.js';
import type { Layer, Pass } from './pass.js';

/** Something in a model that a picture can excite: of what kind, in which block if it is in one, and which of those there. */
export interface Unit {
  readonly kind: keyof typeof kinds;
  /** 0 for a logit, which is in none. */
  readonly block: number;
  readonly index: number;
}

/** Those of one kind in a pass. */
interface Units {
  readonly count: number;
  /** How much one of them is excited by each picture. `[batch]` */
  readonly activation: (index: number) => Tensor;
}

/** The mean over tokens of a number of each, last of the axes. `[batch, tokens, count]` */
function channelsOf(x: Tensor): Units {
  return { count: x.shape[2], activation: (index) => mean(select(x, 2, index), { axes: 1 }) };
}

/** The same of heads side by side, numbered through. `[batch, heads, tokens, headWidth]` */
function channelsOfHeads(x: Tensor): Units {
  const [, heads, , width] = x.shape;
  return {
    count: heads * width,
    activation: (index) =>
      mean(select(select(x, 1, Math.floor(index / width)), 2, index % width), { axes: 1 }),
  };
}

function headsOf({ mixed, query }: Layer): Units {
  const [, count, , width] = query.shape;
  return {
    count,
    activation: (head) => mean(slice(mixed, 2, head * width, (head + 1) * width), { axes: [1, 2] }),
  };
}

/** What can be excited, by what stands before the colon, behind the block if it is in one. */
const kinds = {
  logit: ({ logits }: Pass): Units => ({
    count: logits.shape[1],
    activation: (index) => reshape(slice(logits, 1, index, index + 1), [logits.shape[0]]),
  }),
  /** Behind the MLP's activation. */
  mlp: ({ layers }: Pass, block: number): Units => channelsOf(layers[block].hidden),
  q: ({ layers }: Pass, block: number): Units => channelsOfHeads(layers[block].query),
  k: ({ layers }: Pass, block: number): Units => channelsOfHeads(layers[block].key),
  v: ({ layers }: Pass, block: number): Units => channelsOfHeads(layers[block].value),
  /** What a head makes of the values. */
  head: ({ layers }: Pass, block: number): Units => headsOf(layers[block]),
} as const;

/** How units are spelled, for help and messages. */
export const unitSpellings = 'logit:281, blocks.5.mlp:17, blocks.3.q:12 (or k or v) or blocks.7.head:2';

/**
 * A unit by its spelling: `logit:281`; `blocks.5.mlp:17`, a neuron of an MLP; `blocks.3.q:12`, `k` and `v`, a channel of queries,
 * keys or values, numbered through all heads; `blocks.7.head:2`.
 * @param classOf finds the class that stands for its index behind `logit:`
 * @throws UsageError for anything else, and what `classOf` throws
 */
export function parseUnit(text: string, classOf: (name: string) => number = Number): Unit {
  expectGiven('The unit', text, aText);
  const logit = /^logit:(.+)$/s.exec(text.trim());
  if (logit) return { kind: 'logit', block: 0, index: whole(classOf(logit[1].trim()), text) };
  const found = /^blocks\.(\d+)\.(mlp|q|k|v|head):(\d+)$/.exec(text.trim());
  if (!found) throw unknownUnit(text);
  return { kind: found[2] as Unit['kind'], block: Number(found[1]), index: Number(found[3]) };
}

function whole(index: number, text: string): number {
  if (Number.isSafeInteger(index) && index >= 0) return index;
  throw unknownUnit(text);
}

function unknownUnit(text: string): UsageError {
  return new UsageError(`There is no unit ${described(text)}; give one such as ${unitSpellings}.`);
}

/** As `parseUnit` takes it. */
export function unitName({ kind, block, index }: Unit): string {
  return kind === 'logit' ? `logit:${index}` : `blocks.${block}.${kind}:${index}`;
}

/**
 * How much a unit is excited by each picture of a pass, what it gives being averaged over tokens. `[batch]`
 * @throws UsageError for one that the model has not
 */
export function activationOf(pass: Pass, unit: Unit): Tensor {
  const { kind, block, index } = unit;
  const depth = pass.layers.length;
  if (block >= depth) {
    throw new UsageError(`There is no ${unitName(unit)}; this model has blocks 0 to ${depth - 1}.`);
  }
  const { count, activation } = kinds[kind](pass, block);
  if (index >= count) {
    const last = unitName({ ...unit, index: count - 1 });
    throw new UsageError(`There is no ${unitName(unit)}; the last of these in this model is ${last}.`);
  }
  return activation(index);
}
