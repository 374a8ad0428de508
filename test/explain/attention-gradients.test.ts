import { describe, expect, jest, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { backendNames, evaluate, useBackends } from '../support/backends.js';
import { expectClose } from '../support/compare.js';
import { microModel } from '../support/models.js';
import { generator, randomValues, seed } from '../support/random.js';

const tolerance = { reference: 1e-12, native: 2e-6, wasm: 2e-6, webgpu: 2e-6 } as const;

describe(`attention gradients of the micro model (seed ${seed})`, () => {
  const backends = useBackends();
  const { model } = microModel();
  const [batch, n, classes] = [3, 17, 5];
  const imageShape = [batch, 3, 32, 32];
  const image = (random: () => number): Float32Array => randomValues(batch * 3 * 32 * 32, random);
  const drops = ['blocks.0.attn.attn_drop', 'blocks.1.attn.attn_drop'];

  /** Logits, attentions and a seed that is given at each run. */
  const graph = (): { x: v.Tensor; logits: v.Tensor; attentions: v.Tensor[]; seedInput: v.Tensor } => {
    const x = v.input('image', imageShape);
    const { output: logits, recorded } = v.record(model, x, /attn_drop$/);
    return { x, logits, attentions: [...recorded.values()], seedInput: v.input('seed', [batch, classes]) };
  };
  const oneClass = (index: number): Float32Array =>
    Float32Array.from({ length: batch * classes }, (_, i) => Number(i % classes === index));

  test.each(backendNames)('of the last block reach the class token row alone, on %s', async (name) => {
    const { logits, attentions, seedInput } = graph();
    const [first, last] = v.gradient(logits, attentions, { seed: seedInput });
    const given = { image: image(generator()), seed: oneClass(2) };
    const result = await evaluate({ first, last }, backends[name], given);
    const rows = (values: v.Values): number[] =>
      Array.from({ length: values.length / n }, (_, row) =>
        Math.max(...values.subarray(row * n, (row + 1) * n).map(Math.abs)),
      );
    rows(result.last).forEach((largest, row) => {
      if (row % n === 0) expect(largest).toBeGreaterThan(0);
      else expect(largest).toBe(0);
    });
    // Below, every row has a say.
    for (const largest of rows(result.first)) expect(largest).toBeGreaterThan(0);
  });

  test.each([0, 1])('of block %i say what a push at one entry does to the logit', async (layer) => {
    const random = generator();
    const shape = [batch, 2, n, n];
    const push = v.input('push', shape);
    const handle = model
      .getModule(drops[layer])
      .registerForwardHook((_module, _x, attention) => v.add(attention, push));
    const { logits, attentions, seedInput } = graph();
    handle.remove();
    const [attentionGradient] = v.gradient(logits, [attentions[layer]], { seed: seedInput });
    const target = v.sum(v.multiply(logits, seedInput));
    const program = await v.compile({ target, attentionGradient }, backends.reference);
    const fixed = { image: image(random), seed: oneClass(Math.floor(random() * classes)) };
    const { attentionGradient: analytic } = await program.run({
      ...fixed,
      push: new Float64Array(v.sizeOf(shape)),
    });
    // Small enough for the third derivative, large enough for 16 digits.
    const step = 2 ** -12;
    const [numeric, predicted]: number[][] = [[], []];
    for (let entry = 0; entry < 6; entry++) {
      const head = Math.floor(random() * batch * 2);
      const query = layer === 1 ? 0 : Math.floor(random() * n); // the only row of the last block that counts
      const at = (head * n + query) * n + Math.floor(random() * n);
      const pushed = async (by: number): Promise<number> => {
        const values = new Float64Array(v.sizeOf(shape));
        values[at] = by;
        return (await program.run({ ...fixed, push: values })).target[0];
      };
      numeric.push(((await pushed(step)) - (await pushed(-step))) / (2 * step));
      predicted.push(analytic[at]);
    }
    program.dispose();
    expect(Math.max(...predicted.map(Math.abs))).toBeGreaterThan(1e-6);
    expectClose(predicted, numeric, { relative: 1e-6 });
  });

  describe('cost', () => {
    /** Nodes that carry a gradient: those that the seed flows into. */
    const carriers = (gradients: readonly v.Tensor[], seedInput: v.Tensor): v.Tensor[] => {
      const reached = new Set([seedInput]);
      for (const node of v.topologicalOrder(gradients)) {
        if (node.sources.some((source) => reached.has(source))) reached.add(node);
      }
      return [...reached];
    };
    const count = (nodes: readonly v.Tensor[], kind: v.Operation['kind']): number =>
      nodes.filter(({ operation }) => operation.kind === kind).length;
    /** Whether some node has the parameter's shape, or the transpose of it, in which a product makes its gradient. */
    const hasShapeOf = (nodes: readonly v.Tensor[], { shape }: v.Tensor): boolean => {
      const shapes = [shape, [...shape].reverse()].map(v.formatShape);
      return nodes.some((node) => shapes.includes(v.formatShape(node.shape)));
    };

    test('every node that is built is part of a result: nothing is made and thrown away', () => {
      const { logits, attentions, seedInput } = graph();
      const before = new Set(v.topologicalOrder([logits, seedInput]));
      // Each tensor freezes its shape when it is made.
      const freeze = jest.spyOn(Object, 'freeze');
      const gradients = v.gradient(logits, attentions, { seed: seedInput });
      const built = freeze.mock.calls.length;
      freeze.mockRestore();
      const used = v.topologicalOrder(gradients).filter((node) => !before.has(node)).length;
      expect(used).toBeGreaterThan(30);
      expect(built).toBe(used);
    });

    test("the graph of attention gradients holds no node of any weight's", () => {
      const { x, logits, attentions, seedInput } = graph();
      const parameters = [...model.namedParameters()];
      const alone = carriers(v.gradient(logits, attentions, { seed: seedInput }), seedInput);
      for (const [name, parameter] of parameters) {
        expect([name, hasShapeOf(alone, parameter)]).toEqual([name, false]);
        // What the check above looks for is there once the weight is asked for.
        const asked = carriers(
          v.gradient(logits, [...attentions, parameter], { seed: seedInput }),
          seedInput,
        );
        expect([name, hasShapeOf(asked, parameter)]).toEqual([name, true]);
        expect(asked.length).toBeGreaterThan(alone.length);
      }
      // The path ends at the first attention: block 0 is left through its norm2 and never passes its softmax.
      const depthOfModel = model.config.depth;
      expect(count(alone, 'softmaxGradient')).toBe(depthOfModel - 1);
      expect(count(alone, 'layerNormGradient')).toBe(2 * depthOfModel);
      const below = carriers(v.gradient(logits, [...attentions, x], { seed: seedInput }), seedInput);
      expect(count(below, 'softmaxGradient')).toBe(depthOfModel);
      expect(count(below, 'layerNormGradient')).toBe(2 * depthOfModel + 1);
    });

    test('asking for the last attention alone passes no other block', () => {
      const { logits, attentions, seedInput } = graph();
      const last = carriers(v.gradient(logits, attentions.slice(-1), { seed: seedInput }), seedInput);
      expect(count(last, 'softmaxGradient')).toBe(0);
      // The model's own norm and norm2 of the last block.
      expect(count(last, 'layerNormGradient')).toBe(2);
    });
  });

  describe('backward hooks', () => {
    test.each(backendNames)('deliver what gradient() returns, from two modules, on %s', async (name) => {
      const delivered = new Map<string, v.Tensor>();
      const handles = drops.map((drop) => {
        const module = model.getModule(drop);
        return module.registerFullBackwardHook((from, gradient) => {
          expect(from).toBe(module);
          expect(delivered.has(drop)).toBe(false);
          delivered.set(drop, gradient);
        });
      });
      const { x, logits, attentions, seedInput } = graph();
      // Nothing but the image is asked for: the hooks make the attentions targets.
      v.gradient(logits, [x], { seed: seedInput });
      for (const handle of handles) handle.remove();
      expect([...delivered.keys()].sort()).toEqual(drops);
      const [first, second] = v.gradient(logits, attentions, { seed: seedInput });
      const [hookedFirst, hookedSecond] = drops.map((drop) => delivered.get(drop)!);
      const result = await evaluate({ first, second, hookedFirst, hookedSecond }, backends[name], {
        image: image(generator()),
        seed: oneClass(4),
      });
      const relative = tolerance[name];
      expectClose(result.hookedFirst, result.first, { relative });
      expectClose(result.hookedSecond, result.second, { relative });
    });

    test('fire once a gradient() call until removed, each on its own', () => {
      const fired: string[] = [];
      const [first, second] = drops.map((drop) =>
        model.getModule(drop).registerFullBackwardHook(() => fired.push(drop)),
      );
      const { x, logits } = graph();
      v.gradient(logits, [x]);
      expect([...fired].sort()).toEqual(drops);
      v.gradient(logits, [x]);
      expect([...fired].sort()).toEqual([drops[0], drops[0], drops[1], drops[1]]);
      fired.length = 0;
      // Removed after the graph was built: it must not fire for that graph either.
      first.remove();
      v.gradient(logits, [x]);
      expect(fired).toEqual([drops[1]]);
      second.remove();
      second.remove();
      v.gradient(logits, [x]);
      v.gradient(graph().logits, [x]);
      expect(fired).toEqual([drops[1]]);
    });
  });
});
