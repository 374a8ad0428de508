import { Corrections } from './corrections.js';

/*
 * Which entries of a matrix are discarded, for every ratio that can be chosen. The rule is `discard`'s: of the entries whose key is
 * not a prefix token the `floor(ratio * count)` smallest, of equal ones the first. What is read from 8 bits has another order near
 * the limit, and a single entry of the query's row that falls on the wrong side may be half of a patch's value. So the limits are
 * stored with the attention, exactly, and those entries that what is read would put on the wrong side of one.
 */

/** The ratios that can be chosen, by step. */
export const ratios: readonly number[] = [
  0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95,
  0.97, 0.99,
];

/** The step of what is never discarded. */
export const kept = ratios.length;

/** By step: the largest entry that is discarded, below 0 where none is. Behind the last one infinity, which no entry is above. */
export type Limits = Float32Array;

/** Limits, and how many entries that are equal to each are discarded: those of the lowest index. */
export interface ExactLimits {
  readonly limits: Limits;
  readonly equal: Uint32Array;
}

/** A matrix whose entries may be discarded, those whose key is a patch: those behind the first `prefixTokens` of each row. */
export interface Discardable {
  /** Of at least 0. `[rows, tokens]` */
  readonly matrix: Float32Array;
  readonly tokens: number;
  readonly prefixTokens: number;
}

/** How many entries there are that may be discarded. */
function countOf({ matrix, tokens, prefixTokens }: Discardable): number {
  return (matrix.length / tokens) * (tokens - prefixTokens);
}

/** Entries by the upper half of their bits, which are in the order of numbers of at least 0; all of at least 2 in the last one. */
const buckets = 1 << 14;
const bucketOf = (bits: number): number => Math.min(bits >>> 16, buckets - 1);
const bitsOf = ({ buffer, byteOffset, length }: Float32Array): Uint32Array =>
  new Uint32Array(buffer, byteOffset, length);

/*
 * Room for what is known of buckets, used again and again: memory that is new takes longer to get than what is done in it.
 */
const sizes = /* @__PURE__ */ new Uint32Array(buckets);
const groupOf = /* @__PURE__ */ new Uint8Array(buckets); // counted from 1
const firsts = /* @__PURE__ */ new Uint8Array(buckets);

/** Entries of one bucket, to be put in order. */
interface Gathered {
  readonly entries: Float32Array;
  /** How many entries are in the buckets below. */
  readonly before: number;
  filled: number;
}

/*
 * Loops over entries are functions of their own: V8 compiles a loop while it runs, and where code follows that it has not seen yet, it
 * throws away at every call what it compiled.
 */

function countBuckets(bits: Uint32Array, tokens: number, prefixTokens: number): void {
  sizes.fill(0);
  for (let end = tokens; end <= bits.length; end += tokens) {
    for (let i = end - tokens + prefixTokens; i < end; i++) sizes[bucketOf(bits[i])]++;
  }
}

/** Goes on from a bucket, and what is below it, to that which holds a place. */
function bucketOfPlace(place: number, bucket: number, before: number): [bucket: number, before: number] {
  while (before + sizes[bucket] <= place) before += sizes[bucket++];
  return [bucket, before];
}

function gather(
  { matrix, tokens, prefixTokens }: Discardable,
  bits: Uint32Array,
  gathered: readonly Gathered[],
): void {
  for (let end = tokens; end <= bits.length; end += tokens) {
    for (let i = end - tokens + prefixTokens; i < end; i++) {
      const number = groupOf[bucketOf(bits[i])];
      if (number === 0) continue;
      const group = gathered[number - 1];
      group.entries[group.filled++] = matrix[i];
    }
  }
}

export function limitsOf(discardable: Discardable): ExactLimits {
  const { matrix, tokens, prefixTokens } = discardable;
  const count = countOf(discardable);
  const bits = bitsOf(matrix);
  countBuckets(bits, tokens, prefixTokens);
  groupOf.fill(0);
  const gathered: Gathered[] = [];
  let [bucket, before] = [0, 0];
  // Of each step: the place of the largest that it discards, and where that is found.
  const places = ratios.map((ratio) => {
    const place = Math.floor(ratio * count) - 1;
    if (place < 0) return undefined;
    [bucket, before] = bucketOfPlace(place, bucket, before);
    groupOf[bucket] ||= gathered.push({ entries: new Float32Array(sizes[bucket]), before, filled: 0 });
    return { place: place - before, group: gathered[groupOf[bucket] - 1] };
  });
  gather(discardable, bits, gathered);
  for (const group of gathered) group.entries.sort();
  const limits = new Float32Array(kept + 1).fill(-1, 0, kept).fill(Infinity, kept);
  const equal = new Uint32Array(kept);
  for (const [step, found] of places.entries()) {
    if (!found) continue;
    limits[step] = found.group.entries[found.place];
    equal[step] = found.place + 1 - found.group.entries.indexOf(limits[step]);
  }
  return { limits, equal };
}

/** Finds `firsts`: by the bucket of an entry, the first step whose limit may not be below it. */
function findFirsts(limits: Limits): void {
  const bits = bitsOf(limits);
  let end = 0;
  for (let step = 0; step < kept; step++) {
    if (limits[step] < 0) continue;
    const next = bucketOf(bits[step]) + 1;
    if (next > end) firsts.fill(step, end, next);
    end = Math.max(end, next);
  }
  firsts.fill(kept, end);
}

/** For each entry the first step that discards it, if what is read is to be believed: the first whose limit is not below it. */
export function readSteps(
  discardable: Discardable,
  limits: Limits,
  steps: Uint8Array = new Uint8Array(countOf(discardable)),
): Uint8Array {
  const { matrix, tokens, prefixTokens } = discardable;
  findFirsts(limits);
  const bits = bitsOf(matrix);
  let at = 0;
  for (let end = tokens; end <= bits.length; end += tokens) {
    for (let i = end - tokens + prefixTokens; i < end; i++) {
      let step = firsts[bucketOf(bits[i])];
      while (limits[step] < matrix[i]) step++;
      steps[at++] = step;
    }
  }
  return steps;
}

/**
 * What is to be corrected of the steps that are read, so that they are those of the exact entries, of which it is known that of equal
 * ones the first go first.
 * @param least entries below this are left as they are read: they count too little
 */
export function correctionsOf(
  { matrix: read }: Discardable,
  { matrix, tokens, prefixTokens }: Discardable,
  { limits, equal }: ExactLimits,
  least: number,
): Uint8Array {
  findFirsts(limits);
  const bits = bitsOf(matrix);
  const seen = new Uint32Array(kept);
  const corrections = new Corrections();
  let at = 0;
  for (let end = tokens; end <= bits.length; end += tokens) {
    for (let i = end - tokens + prefixTokens; i < end; i++, at++) {
      const entry = matrix[i];
      if (entry < least) continue;
      let step = firsts[bucketOf(bits[i])];
      while (limits[step] < entry) step++;
      // What is read is close to it, and mostly on the same side of every limit.
      let known = step;
      while (limits[known] < read[i]) known++;
      while (limits[known - 1] >= read[i]) known--;
      if (limits[step] === entry) {
        const place = seen[step]++;
        while (limits[step] === entry && place >= equal[step]) step++;
      }
      if (known !== step) corrections.add(at, step - known);
    }
  }
  return corrections.bytes;
}
