import { describe, expect, test } from '@jest/globals';
import { labelled, partOf } from '../../bench/labels.js';
import { traceOf } from '../../bench/timeline.js';
import { explanationWork } from '../../bench/workloads.js';
import { buildPlan } from '../../src/index.js';
import { microModel } from '../support/models.js';

interface Event {
  readonly name: string;
  readonly ph: 'X' | 'M';
  readonly cat: string;
  readonly ts: number;
  readonly dur: number;
  readonly pid: number;
  readonly tid: number;
  readonly args: Readonly<Record<string, unknown>>;
}

const { model } = microModel();
const explanation = (): ReturnType<typeof explanationWork> => explanationWork(model, 1);
const { graph, labels } = labelled(model, explanation);
const { steps } = buildPlan(graph, undefined, undefined, { labels });

describe('the labels of an explanation', () => {
  test('change nothing else', () => {
    const plain = buildPlan(explanation().graph);
    expect(steps.map((step) => ({ ...step, label: undefined }))).toEqual(plain.steps);
  });

  test('name a module of the model, where its gradient arrives, or the rollout', () => {
    const modules = new Set([...model.namedModules()].map(([name]) => name || 'model'));
    for (const { label } of steps) {
      expect(modules.has(label!.replace(/^gradient at /, '')) || label === 'rollout').toBe(true);
    }
    const labelsOf = (kind: string): string[] =>
      steps.filter((step) => step.kind === kind).map(({ label }) => label!);
    expect(labelsOf('softmax')).toEqual(model.blocks.map((_, block) => `blocks.${block}.attn`));
    expect(labelsOf('layerNorm')).toContain('blocks.0.norm1');
    // The scores' gradient is on the way to that of queries and keys, which the first block's nobody asks for.
    const [, ...later] = model.blocks.map((_, block) => `gradient at blocks.${block}.attn.k_norm`);
    expect(labelsOf('softmaxGradient')).toEqual(later.reverse());
  });

  test('forward comes first, then the gradient, and the rollout ends it', () => {
    const parts = steps.map(({ label }) => partOf(label!));
    expect(parts[0]).toBe('forward');
    expect(parts.at(-1)).toBe('rollout');
    expect(parts.lastIndexOf('forward')).toBeLessThan(parts.indexOf('gradient'));
    // The row it begins with may lie ready.
    const begins = steps.findIndex(({ kind }, i) => parts[i] === 'rollout' && kind !== 'map');
    expect(parts.indexOf('gradient')).toBeLessThan(begins);
  });
});

describe('the timeline', () => {
  const runs = [1, 3, 2].map((factor) => steps.map((_, index) => factor * (0.1 + (index % 7))));
  const profiled = { steps, runs, clock: 'wall clock' as const };
  const devices = ['native: C++', 'webgpu: "S"'];
  const trace = traceOf(devices.map((device) => ({ device, profiled })));
  const { traceEvents } = JSON.parse(JSON.stringify(trace)) as { traceEvents: Event[] };

  test('has a process for each device and a thread for each part', () => {
    const named = (name: string): unknown[] =>
      traceEvents.filter((event) => event.ph === 'M' && event.name === name).map(({ args }) => args['name']);
    expect(named('process_name')).toEqual(devices.map((device) => `${device}, by wall clock`));
    const threads = ['forward', 'gradient', 'rollout'];
    expect(named('thread_name')).toEqual([...threads, ...threads]);
  });

  test.each([1, 2])('has an event for each step of process %d, one after the other', (pid) => {
    const events = traceEvents.filter((event) => event.ph === 'X' && event.pid === pid);
    expect(events).toHaveLength(steps.length);
    let end = 0;
    events.forEach(({ name, cat, ts, dur, tid, args }, index) => {
      expect(ts).toBeCloseTo(end);
      // The median of the runs, in microseconds.
      expect(dur).toBeCloseTo(2000 * (0.1 + (index % 7)));
      end = ts + dur;
      expect(name.endsWith(` ${String(args['shape'])}`)).toBe(true);
      expect(args['label']).toBe(steps[index].label);
      expect(cat).toBe(['forward', 'gradient', 'rollout'][tid - 1]);
      const rate = steps[index].kind === 'matmul' ? 'GFLOP/s' : 'GB/s';
      expect(args[rate]).toBeGreaterThan(0);
    });
  });

  test('leaves out the rate of a step that took no time', () => {
    const none = { steps: [steps[0]], runs: [[0]], clock: 'its own clock' as const };
    const event = traceOf([{ device: 'fast', profiled: none }]).traceEvents.at(-1) as Event;
    expect(Object.keys(event.args)).toEqual(['label', 'shape']);
  });
});
