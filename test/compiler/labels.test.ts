import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { generator, seed } from '../support/random.js';
import { allFusions, type Outputs } from './plans.js';
import { randomGraph } from './random-graph.js';

type Labels = readonly (readonly [v.Tensor, string])[];

/** Each step's kind and label. */
function labelsOf(outputs: Outputs, labels: Labels, fusions = allFusions): string[] {
  const { steps } = v.buildPlan(outputs, undefined, fusions, { labels: new Map(labels) });
  return steps.map(({ kind, label }) => `${kind}: ${label ?? 'none'}`);
}

describe('labels', () => {
  const x = v.input('x', [2, 6, 4]);
  const w = v.input('w', [4, 8]);
  const product = v.matmul(x, w);
  const hidden = v.gelu(product);

  test('a step says of the node that it computes what it belongs to', () => {
    const y = v.softmax(hidden);
    const labels: Labels = [
      [product, 'linear'],
      [y, 'softmax'],
    ];
    expect(labelsOf({ y }, labels, new Set())).toEqual(['matmul: linear', 'map: none', 'softmax: softmax']);
  });

  test('of several nodes it says that of the last one that has any', () => {
    expect(labelsOf({ hidden }, [[product, 'linear']])).toEqual(['matmul: linear']);
    const both: Labels = [
      [product, 'linear'],
      [hidden, 'activation'],
    ];
    expect(labelsOf({ hidden }, both)).toEqual(['matmul: activation']);
  });

  test('nodes made in the place of others inherit theirs', () => {
    const first = v.select(hidden, 1, 0);
    const labels: Labels = [
      [product, 'linear'],
      [hidden, 'activation'],
      [first, 'first row'],
    ];
    const [step] = v.buildPlan({ first }, undefined, new Set(), { labels: new Map(labels) }).steps;
    expect(step.output.shape).toEqual([2, 8]);
    expect(labelsOf({ first }, labels, new Set())).toEqual(['matmul: linear', 'map: activation']);
  });

  test('copies belong to what asks for them', () => {
    const [a, b] = [v.input('a', [2, 3]), v.input('b', [2, 3])];
    const joined = v.concat([a, b], 0);
    const turned = v.transpose(a);
    const labels: Labels = [
      [joined, 'joined'],
      [turned, 'turned'],
    ];
    expect(labelsOf({ joined, turned }, labels)).toEqual(['map: joined', 'map: joined', 'map: turned']);
  });

  const random = generator();
  test.each(Array.from({ length: 20 }, (_, index) => index))(
    `random graph %d has the same plan with them, and no step without one (seed ${seed})`,
    () => {
      const { inputs, nodes } = randomGraph(random, 12);
      const y = nodes[nodes.length - 1];
      const outputs = { y, gradient: v.gradient(y, inputs)[0] };
      const labels = new Map(
        v.topologicalOrder(Object.values(outputs)).map((node, index) => [node, String(index)]),
      );
      for (const fusions of [allFusions, new Set<v.Fusion>()]) {
        const plan = v.buildPlan(outputs, undefined, fusions, { labels });
        expect(plan.steps.filter(({ label }) => label === undefined)).toEqual([]);
        const unlabelled = plan.steps.map((step) => ({ ...step, label: undefined }));
        const plain = v.buildPlan(outputs, undefined, fusions);
        expect({ ...plan, steps: unlabelled }).toEqual(plain);
      }
    },
  );
});
