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

function fold(reduction: u32, a: v128, b: v128): v128 {
  if (reduction === Reductions.max) return f32x4.max(a, b);
  return reduction === Reductions.min ? f32x4.min(a, b) : f32x4.add(a, b);
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

/** Groups that lie side by side from `base` on, in pieces of rows. */
function foldColumns(phase: u32, base: u32, output: u32, count: u32, scratch: u32): void {
  const reduction = word(phase, ReducePhase.name);
  const members = word(phase, ReducePhase.members);
  const extent = word(phase, ReducePhase.extent);
  const step: u32 = word(phase, ReducePhase.step);
  const walk = at(phase, word(phase, ReducePhase.folded));
  const state = scratch + Scratch.walk;
  const start = f32x4.splat(identity(reduction));
  const divisor = f32x4.splat(reduction === Reductions.mean ? <f32>members : 1.0);
  for (let column: u32 = 0; column < count; column += 4) {
    let total = start;
    let part = start;
    let run: u32 = 0;
    startWalk(walk, state, 0);
    for (let done: u32 = 0; done < members; done += extent, nextRow(walk, state)) {
      let from = base + rowOf(state, 0) + (column << 2);
      for (let i: u32 = 0; i < extent; i++, from += step) {
        part = fold(reduction, part, v128.load(from));
        if (++run === longestRun) {
          total = fold(reduction, total, part);
          part = start;
          run = 0;
        }
      }
    }
    total = f32x4.div(fold(reduction, total, part), divisor);
    storeFirst(output + (column << 2), total, min<u32>(4, count - column));
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
    foldColumns(phase, rowOf(scratch, 0) + (column << 2), output, count, scratch);
    start += count;
    output += count << 2;
    column = 0;
    nextRow(walk, scratch);
  }
}
