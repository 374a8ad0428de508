import { partOf, parts } from './labels.js';
import { stepMedians, type Profiled } from './profile.js';
import { nameOf, rateOf, shapeOf } from './step-work.js';

/** A plan's steps, which run one after the other on a device. */
export interface MeasuredPlan {
  readonly device: string;
  readonly profiled: Profiled;
}

/**
 * Which kernel ran when, as Chrome's trace events, which ui.perfetto.dev and chrome://tracing show: a process for each
 * device, in it a thread for each part of the run. Times are in microseconds.
 * Source: "Trace Event Format", Google, 2016.
 */
export function traceOf(plans: readonly MeasuredPlan[]): { displayTimeUnit: string; traceEvents: object[] } {
  const traceEvents = plans.flatMap(({ device, profiled }, index) => {
    const pid = index + 1;
    const process = `${device}, by ${profiled.clock}`;
    return [
      { name: 'process_name', ph: 'M', pid, args: { name: process } },
      ...parts.map((name) => ({ name: 'thread_name', ph: 'M', pid, tid: threadOf(name), args: { name } })),
      ...stepEvents(profiled, pid),
    ];
  });
  return { displayTimeUnit: 'ms', traceEvents };
}

/** Not 0, which stands for no thread. */
function threadOf(part: (typeof parts)[number]): number {
  return parts.indexOf(part) + 1;
}

function stepEvents(profiled: Profiled, pid: number): object[] {
  const medians = stepMedians(profiled);
  let ts = 0;
  return profiled.steps.map((step, index) => {
    const { label = '' } = step;
    const cat = partOf(label);
    const dur = 1e3 * medians[index];
    const { rate, unit } = rateOf(step, medians[index]);
    const args = { label, shape: shapeOf(step), ...(Number.isFinite(rate) && { [unit]: rate }) };
    const name = `${nameOf(step)} ${shapeOf(step)}`;
    const event = { name, cat, ph: 'X', ts, dur, pid, tid: threadOf(cat), args };
    ts += dur;
    return event;
  });
}
