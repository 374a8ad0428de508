/*
 * Which entries of a matrix are discarded, for every ratio that can be chosen. The rule is `discard`'s: of the entries whose key is
 * not a prefix token the `floor(ratio * count)` smallest, of equal ones the first. What is read from 8 bits has another order near
 * the limit, and a single entry of the query's row that falls on the wrong side may be half of a patch's value. So the limits are
 * stored with the attention, exactly, and those entries that what is read would put on the wrong side of one.
 */

/** The ratios that can be chosen, by step. */
export const ratios: readonly number[] = [
  ...Array.from({ length: 20 }, (_, twentieth) => twentieth / 20),
  0.97,
  0.99,
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

/** Entries by the upper half of their bits, which are in the order of numbers of at least 0. */
const buckets = 1 << 16;
const bitsOf = ({ buffer, byteOffset, length }: Float32Array): Uint32Array =>
  new Uint32Array(buffer, byteOffset, length);

/** Entries of one bucket, to be put in order. */
interface Gathered {
  readonly entries: Float32Array;
  /** How many entries are in the buckets below. */
  readonly before: number;
  filled: number;
}

/** @param entries those that may be discarded, of at least 0 */
export function limitsOf(entries: Float32Array): ExactLimits {
  const bits = bitsOf(entries);
  const sizes = new Uint32Array(buckets);
  for (let i = 0; i < bits.length; i++) sizes[bits[i] >>> 16]++;
  const gathered: Gathered[] = [];
  const groupOf = new Uint8Array(buckets); // counted from 1
  let [bucket, before] = [0, 0];
  // Of each step: the place of the largest that it discards, and where that is found.
  const places = ratios.map((ratio) => {
    const place = Math.floor(ratio * entries.length) - 1;
    if (place < 0) return undefined;
    while (before + sizes[bucket] <= place) before += sizes[bucket++];
    groupOf[bucket] ||= gathered.push({ entries: new Float32Array(sizes[bucket]), before, filled: 0 });
    return { place: place - before, group: gathered[groupOf[bucket] - 1] };
  });
  for (let i = 0; i < bits.length; i++) {
    const number = groupOf[bits[i] >>> 16];
    if (number === 0) continue;
    const group = gathered[number - 1];
    group.entries[group.filled++] = entries[i];
  }
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

/** By the bucket of an entry, the first step whose limit may not be below it. */
function firstSteps(limits: Limits): Uint8Array {
  const firsts = new Uint8Array(buckets).fill(kept);
  const bits = bitsOf(limits);
  let end = 0;
  for (let step = 0; step < kept; step++) {
    if (limits[step] < 0) continue;
    const next = (bits[step] >>> 16) + 1;
    if (next > end) firsts.fill(step, end, next);
    end = Math.max(end, next);
  }
  return firsts;
}

/** For each entry the first step that discards it, if what is read is to be believed: the first whose limit is not below it. */
export function readSteps(entries: Float32Array, limits: Limits): Uint8Array {
  const firsts = firstSteps(limits);
  const bits = bitsOf(entries);
  const steps = new Uint8Array(entries.length);
  for (let i = 0; i < entries.length; i++) {
    let step = firsts[bits[i] >>> 16];
    while (limits[step] < entries[i]) step++;
    steps[i] = step;
  }
  return steps;
}

/**
 * The same of exact entries, where it is known which of equal ones go first.
 * @param least entries below this are left as they are read: they count too little
 * @param read as `readSteps` has it of what is read
 */
export function exactSteps(
  entries: Float32Array,
  { limits, equal }: ExactLimits,
  least: number,
  read: Uint8Array,
): Uint8Array {
  const firsts = firstSteps(limits);
  const bits = bitsOf(entries);
  const steps = read.slice();
  const seen = new Uint32Array(kept);
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i];
    if (entry < least) continue;
    let step = firsts[bits[i] >>> 16];
    while (limits[step] < entry) step++;
    if (limits[step] === entry) {
      const place = seen[step]++;
      while (limits[step] === entry && place >= equal[step]) step++;
    }
    steps[i] = step;
  }
  return steps;
}
