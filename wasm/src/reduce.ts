// Folds axes.

import { ReducePhase, Reductions, Scratch } from '../../src/backends/wasm/layout';
import { largest, smallest, sum } from './sums';
import { storeFirst } from './vectors';
import { gather, nextRow, rowOf, startWalk } from './walk';
import { at, word } from './words';

/** Members that are brought side by side at once. */
const block: u32 = Scratch.reduceBlock;
/** Sums run over so many members before they join the total: fewer roundings than one long chain. */
const longestRun: u32 = 16;

/** What folding nothing gives. */
function identity(reduction: u32): f32 {
  if (reduction === Reductions.max) return -Infinity;
  return reduction === Reductions.min ? Infinity : 0.0;
}

function adds(reduction: u32): bool {
  return reduction === Reductions.sum || reduction === Reductions.mean;
}

interface Folding {
  of(a: v128, b: v128): v128;
}
class Sum implements Folding {
  of(a: v128, b: v128): v128 {
    return f32x4.add(a, b);
  }
}
class Larger implements Folding {
  of(a: v128, b: v128): v128 {
    return f32x4.max(a, b);
  }
}
class Smaller implements Folding {
  of(a: v128, b: v128): v128 {
    return f32x4.min(a, b);
  }
}

/** Floats that lie side by side; a sum for `mean` too. */
function foldRow(reduction: u32, x: u32, count: u32): f64 {
  if (reduction === Reductions.max) return <f64>largest(x, count);
  return reduction === Reductions.min ? <f64>smallest(x, count) : sum(x, count);
}

/** One group, whose members lie anywhere from `base` on. */
function foldGroup(phase: u32, base: u32, scratch: u32): f32 {
  const reduction = word(phase, ReducePhase.name);
  const members = word(phase, ReducePhase.members);
  const extent = word(phase, ReducePhase.extent);
  const step = word(phase, ReducePhase.step);
  const walk = at(phase, word(phase, ReducePhase.folded));
  const state = scratch + Scratch.walk;
  const memory = state + Scratch.walk;
  let total = <f64>identity(reduction);
  startWalk(walk, state, 0);
  for (let done: u32 = 0; done < members; done += extent, nextRow(walk, state)) {
    let from = base + rowOf(state, 0);
    for (let i: u32 = 0; i < extent;) {
      const count = step === 4 ? extent : min(block, extent - i);
      let side = from;
      if (step !== 4) {
        gather(from, step, count, memory);
        side = memory;
      }
      const part = foldRow(reduction, side, count);
      if (adds(reduction)) total += part;
      else if (reduction === Reductions.max) total = max(total, part);
      else total = min(total, part);
      i += count;
      from += count * step;
    }
  }
  return <f32>(reduction === Reductions.mean ? total / <f64>members : total);
}

/** Groups that lie side by side from `base` on, at most sixteen: whole cache lines are read. */
function foldColumns<F extends Folding>(
  phase: u32,
  base: u32,
  output: u32,
  count: u32,
  start: v128,
  scratch: u32,
): void {
  const members = word(phase, ReducePhase.members);
  const extent = word(phase, ReducePhase.extent);
  const step = word(phase, ReducePhase.step);
  const walk = at(phase, word(phase, ReducePhase.folded));
  const state = scratch + Scratch.walk;
  let total0 = start;
  let total1 = start;
  let total2 = start;
  let total3 = start;
  let part0 = start;
  let part1 = start;
  let part2 = start;
  let part3 = start;
  let run: u32 = 0;
  startWalk(walk, state, 0);
  for (let done: u32 = 0; done < members; done += extent, nextRow(walk, state)) {
    let from = base + rowOf(state, 0);
    for (let i: u32 = 0; i < extent; i++, from += step) {
      part0 = changetype<F>(0).of(part0, v128.load(from));
      part1 = changetype<F>(0).of(part1, v128.load(from, 16));
      part2 = changetype<F>(0).of(part2, v128.load(from, 32));
      part3 = changetype<F>(0).of(part3, v128.load(from, 48));
      if (++run < longestRun) continue;
      total0 = changetype<F>(0).of(total0, part0);
      total1 = changetype<F>(0).of(total1, part1);
      total2 = changetype<F>(0).of(total2, part2);
      total3 = changetype<F>(0).of(total3, part3);
      part0 = part1 = part2 = part3 = start;
      run = 0;
    }
  }
  storeFirst(output, changetype<F>(0).of(total0, part0), count);
  if (count > 4) storeFirst(output + 16, changetype<F>(0).of(total1, part1), count - 4);
  if (count > 8) storeFirst(output + 32, changetype<F>(0).of(total2, part2), count - 8);
  if (count > 12) storeFirst(output + 48, changetype<F>(0).of(total3, part3), count - 12);
}

/** Groups of a row, by strips. */
function foldStrips(phase: u32, base: u32, output: u32, count: u32, scratch: u32): void {
  const reduction = word(phase, ReducePhase.name);
  const start = f32x4.splat(identity(reduction));
  for (let column: u32 = 0; column < count; column += 16) {
    const width = min<u32>(16, count - column);
    const from = base + (column << 2);
    const to = output + (column << 2);
    if (reduction === Reductions.max) foldColumns<Larger>(phase, from, to, width, start, scratch);
    else if (reduction === Reductions.min) foldColumns<Smaller>(phase, from, to, width, start, scratch);
    else foldColumns<Sum>(phase, from, to, width, start, scratch);
  }
  if (reduction !== Reductions.mean) return;
  const divisor = <f32>word(phase, ReducePhase.members);
  for (const end = output + (count << 2); output < end; output += 4) {
    store<f32>(output, load<f32>(output) / divisor);
  }
}

export function reduce(phase: u32, task: u32, scratch: u32): void {
  const perTask = word(phase, ReducePhase.groupsPerTask);
  let start = task * perTask;
  const end = min(word(phase, ReducePhase.groups), start + perTask);
  const walk = at(phase, ReducePhase.walk);
  let output: u32 = word(phase, ReducePhase.output) + (start << 2);
  if (word(phase, ReducePhase.columns) === 0) {
    startWalk(walk, scratch, start);
    for (; start < end; start++, output += 4, nextRow(walk, scratch)) {
      store<f32>(output, foldGroup(phase, rowOf(scratch, 0), scratch));
    }
    return;
  }
  const extent = word(phase, ReducePhase.keptExtent);
  let column = start % extent;
  startWalk(walk, scratch, start / extent);
  while (start < end) {
    const count = min(extent - column, end - start);
    foldStrips(phase, rowOf(scratch, 0) + (column << 2), output, count, scratch);
    start += count;
    output += count << 2;
    column = 0;
    nextRow(walk, scratch);
  }
}
