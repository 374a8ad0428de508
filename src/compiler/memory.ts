import type { Plan, PlanBuffer, Step } from './plan.js';
import type { View } from './view.js';

/**
 * Lets scratch buffers share memory: a buffer whose last reader has run is free for a later step. Buffers that
 * are outputs or updates live until the end. A step never writes where it reads, because a buffer is released only after
 * the step that reads it last has taken its own output.
 *
 * Greedy by time, smallest fitting block first, of equal ones the last that was freed, which a cache may still hold; a block
 * too small is enlarged rather than a new one taken.
 */
export function assignMemory(plan: Plan): Plan {
  const lastUse = lastUses(plan);
  const buffers: PlanBuffer[] = [];
  const places = new Map<number, number>();
  const free: number[] = [];

  const place = (buffer: number): number => {
    const known = places.get(buffer);
    if (known !== undefined) return known;
    const wanted = plan.buffers[buffer];
    const block = wanted.filledBy ? undefined : takeBlock(free, buffers, wanted.size);
    const chosen = block ?? buffers.push(wanted) - 1;
    if (buffers[chosen].size < wanted.size) buffers[chosen] = wanted;
    places.set(buffer, chosen);
    return chosen;
  };
  const moved = <V extends View>(view: V): V => ({ ...view, buffer: place(view.buffer) });

  const steps = plan.steps.map((step, time) => {
    const placed = {
      ...step,
      inputs: step.inputs.map(moved),
      output: moved(step.output),
    } as unknown as Step;
    for (const buffer of new Set([...step.inputs, step.output].map((view) => view.buffer))) {
      if (lastUse.get(buffer) === time && !plan.buffers[buffer].filledBy) free.push(places.get(buffer)!);
    }
    return placed;
  });
  const inputs = plan.inputs.map((input) => ({ ...input, buffer: place(input.buffer) }));
  const outputs = plan.outputs.map((output) => ({ ...output, buffer: place(output.buffer) }));
  const updates = plan.updates.map((update) => ({
    ...update,
    constant: place(update.constant),
    buffer: place(update.buffer),
  }));
  return { buffers, steps, inputs, outputs, updates };
}

/** For each buffer, the index of the last step that touches it; outputs and updates are read after all steps. */
function lastUses(plan: Plan): Map<number, number> {
  const last = new Map<number, number>();
  plan.steps.forEach((step, time) => {
    for (const view of [...step.inputs, step.output]) last.set(view.buffer, time);
  });
  for (const { buffer } of [...plan.outputs, ...plan.updates]) last.set(buffer, plan.steps.length);
  return last;
}

/** Takes the free block that fits best: the smallest that is large enough, else the largest there is. */
function takeBlock(free: number[], buffers: readonly PlanBuffer[], size: number): number | undefined {
  let chosen: number | undefined;
  let best = 0;
  // The last freed comes before its equals.
  for (let i = free.length - 1; i >= 0; i--) {
    const own = buffers[free[i]].size;
    const isBetter = best < size ? own >= best : own >= size && own < best;
    if (chosen !== undefined && !isBetter) continue;
    chosen = i;
    best = own;
  }
  return chosen === undefined ? undefined : free.splice(chosen, 1)[0];
}
