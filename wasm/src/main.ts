// Runs programs as src/backends/wasm/layout.ts describes them. There is no memory management here and no data but what a
// program names, so that any number of threads can run these kernels on one memory.

import { Kernel, Phase, Program } from '../../src/backends/wasm/layout';
import { largestMask } from './largest-mask';
import { map } from './map';
import { pack } from './pack';
import { product } from './product';
import { reduce } from './reduce';
import { rows } from './rows';
import { meet, takeTask } from './threads';
import { at, word } from './words';

/** Milliseconds of the platform's clock. */
declare function now(): f64;

function runTask(phase: u32, task: u32, scratch: u32): void {
  switch (word(phase, Phase.kernel)) {
    case Kernel.map:
      return map(phase, task, scratch);
    case Kernel.softmax:
    case Kernel.layerNorm:
    case Kernel.softmaxGradient:
    case Kernel.layerNormGradient:
      return rows(phase, task, scratch);
    case Kernel.reduce:
      return reduce(phase, task, scratch);
    case Kernel.largestMask:
      return largestMask(phase, task, scratch);
    case Kernel.pack:
      return pack(phase, task);
    case Kernel.product:
      return product(phase, task, scratch);
    default:
      unreachable();
  }
}

/** The tasks of a phase that this thread gets; returns when all of them are done. */
function runPhase(phase: u32, control: u32, scratch: u32): void {
  const tasks = word(phase, Phase.tasks);
  if (ASC_FEATURE_THREADS) {
    for (let task = takeTask(control); task < tasks; task = takeTask(control)) runTask(phase, task, scratch);
    meet(control);
  } else {
    for (let task: u32 = 0; task < tasks; task++) runTask(phase, task, scratch);
  }
}

/**
 * Runs a program; all threads must call this.
 * @param control what they share, and a number for each of them
 * @param times 0, or where to add what each step takes, in milliseconds
 */
export function run(program: u32, control: u32, thread: u32, times: u32): void {
  const scratch = word(program, Program.scratch) + thread * word(program, Program.scratchBytes);
  let phase = at(program, Program.phases);
  let last = times === 0 ? 0.0 : now();
  for (; word(phase, Phase.kernel) !== Kernel.end; phase = at(phase, word(phase, Phase.words))) {
    runPhase(phase, control, scratch);
    if (times === 0 || thread !== 0) continue;
    const time = now();
    const sum = times + (word(phase, Phase.step) << 3);
    store<f64>(sum, load<f64>(sum) + time - last);
    last = time;
  }
}
