import type { Step } from 'vitrine';
import type { Phase } from './phases.js';
import { sum } from './statistics.js';
import { nameOf, shapeOf } from './step-work.js';
import { digits, percent } from './table.js';

/** A run, step by step; the steps of a plan run one after the other. */
export interface MeasuredRun {
  readonly steps: readonly Step[];
  readonly milliseconds: readonly number[];
  readonly phases: readonly Phase[];
}

/** A piece of time on one row. */
export interface Bar {
  readonly start: number;
  readonly end: number;
  readonly colour: string;
  /** Shown on the bar where there is room. */
  readonly label: string;
  /** Shown when the pointer rests on it. */
  readonly hint: string;
}

export interface Lane {
  readonly name: string;
  readonly note: string;
  readonly bars: readonly Bar[];
}

/** Kinds of kernels, the one that takes longest first. */
const palette = '#2f6db3 #e07b39 #3a9d6a #b8479b #8a6fd1 #c9a227 #3aa6b9 #c0504d #7a8b4f #94674f'.split(' ');
const otherColour = '#a9b4bf';
export const phaseColours: Record<Phase, string> = {
  forward: '#56799f',
  backward: '#a8625c',
  rollout: '#6f9468',
};

/** What is drawn, row by row: the parts, all kernels in their order, then each kind of kernel. */
export function lanesOf({ steps, milliseconds, phases: phaseOf }: MeasuredRun, total: number): Lane[] {
  const starts = startsOf(milliseconds);
  const kinds = kindsByTime(steps, milliseconds);
  const colours = new Map(kinds.slice(0, palette.length).map((kind, index) => [kind, palette[index]]));
  const bars = steps.map((step, index): Bar => {
    const kind = kindOf(step);
    return {
      start: starts[index],
      end: starts[index] + milliseconds[index],
      colour: colours.get(kind) ?? otherColour,
      label: kind,
      hint:
        `${index + 1}: ${nameOf(step)}, ${shapeOf(step)}, ${phaseOf[index]}: ` +
        `${digits(milliseconds[index])} ms from ${digits(starts[index])} ms on`,
    };
  });
  const noteOf = (members: readonly Bar[]): string => {
    const time = sum(members.map(({ start, end }) => end - start));
    const calls = `${members.length} ${members.length === 1 ? 'call' : 'calls'}`;
    return `${calls}, ${digits(time)} ms, ${percent(time / (total || 1))}`;
  };
  const others = kinds.slice(palette.length);
  const laneOf = (name: string, isMember: (kind: string) => boolean): Lane => {
    const members = bars.filter((_, index) => isMember(kindOf(steps[index])));
    return { name, note: noteOf(members), bars: members.map((bar) => ({ ...bar, label: '' })) };
  };
  return [
    { name: 'parts', note: 'forward, backward, rollout', bars: partBars(bars, phaseOf) },
    { name: 'kernels in order', note: noteOf(bars), bars },
    ...kinds.slice(0, palette.length).map((kind) => laneOf(kind, (other) => other === kind)),
    ...(others.length > 0 ? [laneOf(`${others.length} other kinds`, (kind) => others.includes(kind))] : []),
  ];
}

/** One bar for neighbours of the same part. */
function partBars(bars: readonly Bar[], phaseOf: readonly Phase[]): Bar[] {
  const parts: Bar[] = [];
  bars.forEach(({ start, end }, index) => {
    const phase = phaseOf[index];
    const last = index > 0 && phaseOf[index - 1] === phase ? parts.pop() : undefined;
    const from = last?.start ?? start;
    const hint = `${phase}: ${digits(end - from)} ms from ${digits(from)} ms on`;
    parts.push({ start: from, end, colour: phaseColours[phase], label: phase, hint });
  });
  return parts;
}

/** Products that finish their results differently are different kinds. */
function kindOf(step: Step): string {
  return nameOf(step).replace(/^map /, '');
}

function kindsByTime(steps: readonly Step[], milliseconds: readonly number[]): string[] {
  const times = new Map<string, number>();
  steps.forEach((step, index) =>
    times.set(kindOf(step), (times.get(kindOf(step)) ?? 0) + milliseconds[index]),
  );
  return [...times].sort(([, a], [, b]) => b - a).map(([kind]) => kind);
}

function startsOf(milliseconds: readonly number[]): number[] {
  let time = 0;
  return milliseconds.map((duration) => (time += duration) - duration);
}
