// 0 at the smallest elements of each row, 1 at the others.

import { MaskPhase, Scratch } from '../../src/backends/wasm/layout';
import { rowOf, startWalk } from './walk';
import { at, word } from './words';

/** A whole number that sorts as the float does; -0 equals 0, and what is not a number comes last. */
function rankOf(x: f32): u32 {
  if (x !== x) return u32.MAX_VALUE;
  const bits = reinterpret<u32>(x + 0.0); // -0 becomes 0
  return bits >> 31 ? ~bits : bits | 0x80000000;
}

/** The rank that has `below` smaller or equal ones before it in order, found digit by digit by counting. */
function selectRank(ranks: u32, count: u32, below: u32, counts: u32): u32 {
  let prefix: u32 = 0;
  let prefixMask: u32 = 0;
  let shift: u32 = 21;
  let mask: u32 = 0x7ff;
  for (let digit = 0; digit < 3; digit++) {
    memory.fill(counts, 0, Scratch.digits);
    for (let i: u32 = 0; i < count; i++) {
      const rank = load<u32>(ranks + (i << 2));
      if ((rank & prefixMask) !== prefix) continue;
      const counted = counts + (((rank >> shift) & mask) << 2);
      store<u32>(counted, load<u32>(counted) + 1);
    }
    let value: u32 = 0;
    for (;;) {
      const counted = load<u32>(counts + (value << 2));
      if (below < counted) break;
      below -= counted;
      value++;
    }
    prefix |= value << shift;
    prefixMask |= mask << shift;
    if (digit === 0) shift = 10;
    else {
      shift = 0;
      mask = 0x3ff;
    }
  }
  return prefix;
}

export function largestMask(phase: u32, row: u32, scratch: u32): void {
  const columns = word(phase, MaskPhase.columns);
  const step = word(phase, MaskPhase.step);
  const discarded = word(phase, MaskPhase.discarded);
  const output: u32 = word(phase, MaskPhase.output) + row * (columns << 2);
  startWalk(at(phase, MaskPhase.walk), scratch, row);
  const input = rowOf(scratch, 0);
  const counts = scratch + Scratch.walk;
  const ranks = counts + Scratch.digits;
  for (let i: u32 = 0; i < columns; i++) store<u32>(ranks + (i << 2), rankOf(load<f32>(input + i * step)));
  let limit: u32 = 0;
  let remaining: u32 = 0;
  if (discarded > 0) {
    limit = selectRank(ranks, columns, discarded - 1, counts);
    remaining = discarded;
    for (let i: u32 = 0; i < columns; i++) remaining -= u32(load<u32>(ranks + (i << 2)) < limit);
  }
  // Of those that equal the limit, the first are discarded.
  for (let i: u32 = 0; i < columns; i++) {
    const rank = load<u32>(ranks + (i << 2));
    const equals = rank === limit && remaining > 0;
    if (equals) remaining--;
    store<f32>(output + (i << 2), rank < limit || equals ? 0.0 : 1.0);
  }
}
