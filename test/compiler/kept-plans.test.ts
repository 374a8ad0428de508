import { describe, expect, test } from '@jest/globals';
import { buildPlan, planFor } from '../../src/compiler/build-plan.js';
import * as v from '../../src/index.js';
import { generator, seed } from '../support/random.js';
import { randomGraph } from './random-graph.js';

const fusions: ReadonlySet<v.Fusion> = new Set(['scale', 'softmax', 'strides', 'made']);

/** What was kept, as text, as between processes. */
class Shelf implements v.PlanStore {
  readonly kept = new Map<string, string>();
  found = 0;

  find(key: string): string | undefined {
    const text = this.kept.get(key);
    if (text !== undefined) this.found++;
    return text;
  }

  keep(key: string, text: () => string | undefined): void {
    const made = text();
    if (made !== undefined) this.kept.set(key, made);
  }
}

const shelfSize = ({ kept }: Shelf): number => kept.size;

/** With the numbers of formulas, which a storage does not show. */
function legible(plan: v.Plan) {
  return {
    ...plan,
    buffers: plan.buffers.map(({ size, filledBy }) =>
      filledBy && 'constant' in filledBy
        ? { size, constant: filledBy.constant, numbers: filledBy.constant.values }
        : { size, filledBy },
    ),
  };
}

type Graph = Readonly<Record<string, v.Tensor>>;

function planned(plans: Shelf, outputs: Graph, updates?: v.Updates, able = fusions): v.Plan {
  return planFor({ fusions: able, planner: v.keptPlans(plans) }, outputs, updates);
}

/** Of the same graph made twice, as by two processes: the plan that was kept, beside the one that is new. */
function twice(make: () => [outputs: Graph, updates?: v.Updates]): {
  kept: v.Plan;
  made: v.Plan;
  shelf: Shelf;
} {
  const plans = new Shelf();
  planned(plans, ...make());
  const again = make();
  const kept = planned(plans, ...again);
  return { kept, made: buildPlan(again[0], again[1], fusions), shelf: plans };
}

describe(`plans that are kept (seed ${seed})`, () => {
  test('are those that are made anew, step by step, of random graphs', () => {
    const random = generator();
    for (let i = 0; i < 40; i++) {
      const start = Math.floor(random() * 2 ** 31);
      const { kept, made, shelf } = twice(() => {
        const { nodes } = randomGraph(generator(start), 12);
        return [{ last: nodes.at(-1)!, middle: nodes[5] }];
      });
      expect(legible(kept)).toEqual(legible(made));
      expect(shelf).toMatchObject({ found: 1 });
      expect(shelf.kept.size).toBe(1);
    }
  });

  test('read the constants of the graph at hand, and update them', () => {
    const parts: v.Tensor[][] = [];
    const { kept, shelf } = twice(() => {
      const [weight, bias] = [v.constant([1, 2, 3, 4], [2, 2]), v.constant([5, 6], [2])];
      parts.push([weight, bias]);
      const y = v.matmul(v.input('x', [3, 2]), weight, bias);
      return [{ y }, new Map([[bias, v.sum(y, { axes: 0 })]])];
    });
    expect(shelf.found).toBe(1);
    const [weight, bias] = parts[1].map(({ operation }) => (operation as { storage: v.Storage }).storage);
    const constants = kept.buffers.flatMap(({ filledBy }) =>
      filledBy && 'constant' in filledBy ? [filledBy.constant] : [],
    );
    expect(new Set(constants)).toEqual(new Set([weight, bias]));
    const [{ constant }] = kept.updates;
    expect(kept.buffers[constant].filledBy).toEqual({ constant: bias });
    expect((kept.buffers[constant].filledBy as { constant: v.Storage }).constant).toBe(bias);
  });

  const x = (): v.Tensor => v.input('x', [2, 6]);
  const two = v.constant([1, 2], [2, 1]);
  const other = v.constant([1, 2], [2, 1]);
  const six = v.constant([1, 2, 3, 4, 5, 6], [6]);
  const differences: [string, () => Graph, () => Graph][] = [
    ['a number', () => ({ y: v.multiply(x(), 2) }), () => ({ y: v.multiply(x(), 3) })],
    ['the sign of 0', () => ({ y: v.divide(x(), 0) }), () => ({ y: v.divide(x(), -0) })],
    ['infinity', () => ({ y: v.add(x(), Infinity) }), () => ({ y: v.add(x(), -Infinity) })],
    ['no number', () => ({ y: v.add(x(), NaN) }), () => ({ y: v.add(x(), Infinity) })],
    ['a shape', () => ({ y: v.relu(x()) }), () => ({ y: v.relu(v.input('x', [6, 2])) })],
    ['an axis', () => ({ y: v.sum(x(), { axes: 0 }) }), () => ({ y: v.sum(x(), { axes: 1 }) })],
    ['a start', () => ({ y: v.slice(x(), 1, 0, 2) }), () => ({ y: v.slice(x(), 1, 1, 3) })],
    ['the order of operands', () => ({ y: v.subtract(x(), 1) }), () => ({ y: v.subtract(1, x()) })],
    ["an input's name", () => ({ y: v.relu(x()) }), () => ({ y: v.relu(v.input('z', [2, 6])) })],
    ["an output's name", () => ({ y: v.relu(x()) }), () => ({ z: v.relu(x()) })],
    [
      'whether a constant is the same',
      () => ({ y: v.add(v.add(x(), two), two) }),
      () => ({ y: v.add(v.add(x(), two), other) }),
    ],
    [
      'how little is added before a root',
      () => ({ y: v.layerNorm(x(), six, six, 1e-5) }),
      () => ({ y: v.layerNorm(x(), six, six, 1e-6) }),
    ],
  ];
  test.each(differences)('tell graphs apart by %s', (_, one, another) => {
    const plans = new Shelf();
    for (const make of [one, another, one, another]) {
      expect(legible(planned(plans, make()))).toEqual(legible(buildPlan(make(), undefined, fusions)));
    }
    expect(legible(buildPlan(one()))).not.toEqual(legible(buildPlan(another())));
  });

  test('are those of what the backend can do', () => {
    const plans = new Shelf();
    const make = (): Graph => ({ y: v.softmax(v.multiply(v.matmul(x(), v.input('w', [6, 3])), 2)) });
    const able = planned(plans, make());
    const plain = planned(plans, make(), undefined, new Set());
    expect(plain.steps.length).toBeGreaterThan(able.steps.length);
    expect(planned(plans, make(), undefined, new Set([...fusions].reverse()))).toEqual(able);
    expect(shelfSize(plans)).toBe(2);
  });

  test('are refused for what is no graph, as without a place to keep them', () => {
    const plans = new Shelf();
    const none = { y: 3 } as unknown as Graph;
    const refusal = /compile: output "y"/;
    expect(() => planned(plans, none)).toThrow(refusal);
    expect(() => planFor({ fusions }, none)).toThrow(refusal);
    const same = { y: v.add(x(), v.input('x', [2, 6])) };
    expect(() => planned(plans, same)).toThrow(v.ShapeError);
    expect(() => planned(plans, same)).toThrow(v.ShapeError);
    expect(shelfSize(plans)).toBe(0);
  });
});
