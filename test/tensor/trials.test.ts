import { expect, test } from '@jest/globals';
import * as v from '../../src/index.js';

const inputsOf = (shapes: readonly v.Shape[]): v.Tensor[] =>
  shapes.map((shape, position) => v.input(`x${position}`, shape));

const entries = Object.entries<v.Trial>(v.trials);

test.each(entries)('the trial of %s is one of it, whatever the shapes', (kind, { build, shapes }) => {
  expect(shapes.length).toBeGreaterThan(0);
  for (const list of shapes) {
    const nodes = v.topologicalOrder([build(...inputsOf(list))]);
    expect(nodes.map(({ operation }) => operation.kind)).toContain(kind);
  }
});

test.each(entries.filter(([, { kernel }]) => kernel))(
  'as a kernel %s is one step',
  (_, { build, kernel }) => {
    for (const letters of kernel!.meanings) {
      const y = build(...inputsOf(kernel!.shapes(...letters.map((_letter, position) => 5 + position))));
      expect(v.buildPlan({ y }).steps).toHaveLength(1);
    }
  },
);
