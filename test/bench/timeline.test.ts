import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { phasesOf } from '../../bench/phases.js';
import { attributes, escaped, niceTicks } from '../../src/svg.js';
import { timelineSvg } from '../../bench/timeline.js';
import { withName } from '../../bench/timeline-file.js';
import { explanationGraph, gradientsGraph } from '../../bench/workloads.js';
import { buildPlan } from '../../src/index.js';
import { microModel } from '../support/models.js';

describe('SVG', () => {
  test('texts are escaped', () => {
    expect(escaped(`<a> & "b" 'c'\u0000`)).toBe('&lt;a&gt; &amp; &quot;b&quot; &#39;c&#39;');
    expect(attributes({ x: 1 / 3, fill: '"' })).toBe('x="0.33" fill="&quot;"');
  });

  test.each([
    [100, 12, 10],
    [92, 12, 10],
    [1, 5, 0.2],
    [0.03, 10, 0.005],
  ])('ticks up to %d are round', (end, most, step) => {
    const ticks = niceTicks(end, most);
    expect(ticks[1]).toBeCloseTo(step);
    expect(ticks.length).toBeLessThanOrEqual(most + 1);
  });

  test('of no time there is one tick', () => {
    expect(niceTicks(0, 10)).toEqual([0]);
    expect(niceTicks(NaN, 10)).toEqual([0]);
  });
});

describe('the picture of a run', () => {
  const { model } = microModel();
  const target = { kind: 'rank', rank: 0 } as const;
  const { steps } = buildPlan(explanationGraph(model, 1, target));
  const phases = phasesOf(steps, buildPlan(gradientsGraph(model, 1, target)).steps);
  const milliseconds = steps.map((_, index) => 0.1 + (index % 7));

  test('forward comes first, then backward, and the rollout ends it', () => {
    expect(phases).toHaveLength(steps.length);
    expect(phases[0]).toBe('forward');
    expect(phases.at(-1)).toBe('rollout');
    expect(phases.lastIndexOf('forward')).toBeLessThan(phases.indexOf('backward'));
    expect(phases.indexOf('backward')).toBeLessThan(phases.indexOf('rollout'));
    const kinds = steps.filter((_, index) => phases[index] === 'rollout').map(({ kind }) => kind);
    expect(kinds).not.toContain('layerNormGradient');
  });

  test('is well-formed, whatever it is called', async () => {
    const svg = timelineSvg({ title: '<&">', subtitle: "it's", steps, milliseconds, phases });
    expect(svg).toContain('&lt;&amp;&quot;&gt;');
    // A strict parser reads it, and it has a size.
    const { format, width, height } = await sharp(Buffer.from(svg)).metadata();
    expect({ format, width }).toEqual({ format: 'svg', width: 1600 });
    expect(height).toBeGreaterThan(300);
    // The parts, the kernels in order and again in the row of their kind: each bar has a hint.
    const hints = svg.match(/<title>/g)?.length ?? 0;
    expect(hints).toBeGreaterThanOrEqual(2 * steps.length + 3);
  });

  test('of a run without steps is well-formed too', async () => {
    const svg = timelineSvg({ title: 't', subtitle: 's', steps: [], milliseconds: [], phases: [] });
    expect(svg).not.toContain('NaN');
    await expect(sharp(Buffer.from(svg)).metadata()).resolves.toMatchObject({ width: 1600 });
  });

  test('several devices get a file each', () => {
    expect(withName('/a.b/run.svg', 'native')).toBe('/a.b/run-native.svg');
    expect(withName('run', 'webgpu')).toBe('run-webgpu');
  });
});
