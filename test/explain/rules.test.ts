import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { backendNames, evaluate, useBackends } from '../support/backends.js';
import { difference, expectClose } from '../support/compare.js';
import { microModel } from '../support/models.js';
import { generator, randomValues, seed } from '../support/random.js';

/*
 * The check for every rule: the gradient under it is the plain gradient of the frozen graph, in which what the rule holds
 * constant has become numbers.
 */
describe(`backward rules (seed ${seed})`, () => {
  const backends = useBackends();
  const { model } = microModel();
  const { classes, depth } = model.config;
  const batch = 2;
  const shape = [batch, ...model.inputShape];
  const image = v.input('image', shape);
  const pixels = randomValues(v.sizeOf(shape), generator());
  const weights = v.constant(randomValues(batch * classes, generator(7)), [batch, classes]);

  /** Modules whose outputs the rules have to do with. */
  const [attentions, norms, activations] = [/attn_drop$/, /(^norm|\.norm[12])$/, /mlp\.act$/];

  /** Numbers of everything that a module was applied to, or that came out, by its name. */
  const values = async (
    pattern: RegExp,
    of: 'inputs' | 'recorded',
  ): Promise<ReadonlyMap<string, v.Tensor>> => {
    const kept = v.record(model, image, pattern)[of];
    const found = await evaluate(Object.fromEntries(kept), backends.reference, { image: pixels });
    return new Map([...kept].map(([name, { shape: extents }]) => [name, v.constant(found[name], extents)]));
  };

  /** Replaces what modules return while a graph is built. */
  const frozen = (
    pattern: RegExp,
    replace: (name: string, x: v.Tensor, module: v.Module) => v.Tensor,
  ): v.Pass => {
    const handles = [...model.namedModules()]
      .filter(([name]) => pattern.test(name))
      .map(([name, module]) => module.registerForwardHook((_, x) => replace(name, x, module)));
    try {
      return v.forwardPass(model, image);
    } finally {
      for (const handle of handles) handle.remove();
    }
  };

  /** What the three rules hold constant, one by one: the graph with those numbers in it. */
  const frozenGraphs: Record<string, { rules: Partial<v.Rules>; build: () => Promise<v.Pass> }> = {
    'constant attention': {
      rules: v.constantAttention,
      build: async () => {
        const fixed = await values(attentions, 'recorded');
        return frozen(attentions, (name) => fixed.get(name)!);
      },
    },
    'constant deviation': {
      rules: v.constantDeviation,
      build: async () => {
        const inputs = await values(norms, 'inputs');
        return frozen(norms, (name, x, module) => {
          if (!(module instanceof v.LayerNorm)) throw new TypeError(`${name} is no layer norm.`);
          const { weight, bias, epsilon } = module;
          const average = (t: v.Tensor): v.Tensor => v.mean(t, { axes: -1, keepDims: true });
          const fixed = inputs.get(name)!;
          const apart = v.subtract(fixed, average(fixed));
          const deviation = v.sqrt(v.add(average(v.multiply(apart, apart)), epsilon));
          return v.add(v.multiply(v.divide(v.subtract(x, average(x)), deviation), weight), bias);
        });
      },
    },
    'gelu as a factor': {
      rules: v.activationAsFactor,
      build: async () => {
        const inputs = await values(activations, 'inputs');
        const outputs = await values(activations, 'recorded');
        return frozen(activations, (name, x) =>
          v.multiply(x, v.divide(outputs.get(name)!, inputs.get(name)!)),
        );
      },
    },
  };

  test.each(Object.keys(frozenGraphs))('%s: as the frozen graph has it', async (name) => {
    const { rules, build } = frozenGraphs[name];
    const pass = v.explained(v.forwardPass(model, image), weights);
    const frozenPass = v.explained(await build(), weights);
    const tensors = ({ image: x, layers }: v.Pass): v.Tensor[] => [x, ...layers.map(({ middle }) => middle)];
    const gradients = {
      ...named('ruled', pass.gradient(tensors(pass), rules)),
      ...named('frozen', frozenPass.gradient(tensors(frozenPass))),
      ...named('plain', pass.gradient(tensors(pass))),
    };
    const result = await evaluate(gradients, backends.reference, { image: pixels });
    for (let i = 0; i <= depth; i++) {
      expectClose(result[`ruled.${i}`], result[`frozen.${i}`], { relative: 1e-9 });
    }
    // Else a rule that does nothing would pass.
    expect(difference(result['ruled.0'], result['plain.0']).relative).toBeGreaterThan(1e-3);
  });

  test('the gradient of the attention itself is the same tensor under constant attention', async () => {
    const pass = v.explained(v.forwardPass(model, image), weights);
    const last = [pass.layers[depth - 1].attention];
    const [[ruled], [plain]] = [pass.gradient(last, v.constantAttention), pass.gradient(last)];
    const result = await evaluate({ ruled, plain }, backends.reference, { image: pixels });
    expectClose(result.ruled, result.plain, { relative: 1e-12 });
    expect(result.plain.some((value) => value !== 0)).toBe(true);
    const query = [pass.layers[0].query];
    const [[still], [moving]] = [pass.gradient(query, v.constantAttention), pass.gradient(query)];
    const { y, free } = await evaluate({ y: still, free: moving }, backends.reference, { image: pixels });
    expect(Array.from(y).every((value) => value === 0)).toBe(true);
    // Else the gradient of anything that does not matter would pass.
    expect(free.some((value) => value !== 0)).toBe(true);
  });

  test.each(backendNames)(
    'with all three and the biases, sum(x * g) conserves the score, at every block, on %s',
    async (name) => {
      const { output: logits, recorded, inputs } = v.record(model, image, /./);
      const score = v.sum(v.multiply(logits, weights));
      const biased = [...model.namedModules()].flatMap(([path, module]) => {
        const { bias } = module as { bias?: v.Parameter };
        return bias && /^(blocks|norm$|head$)/.test(path)
          ? [{ path, bias, output: recorded.get(path)! }]
          : [];
      });
      expect(biased).toHaveLength(6 * depth + 2);
      const tokens = Array.from({ length: depth }, (_, block) => inputs.get(`blocks.${block}`)!);
      const targets = [...tokens, ...biased.map(({ output }) => output)];
      const conserved = (rules: Partial<v.Rules>): v.Tensor[] => {
        const gradients = v.gradient(logits, targets, { seed: weights, rules });
        return tokens.map((x, block) => {
          const own = biased.flatMap(({ path, bias }, i) => {
            const below = /^blocks\.(\d+)/.exec(path)?.[1] ?? depth;
            const at = gradients[depth + i];
            return Number(below) >= block ? [v.sum(v.multiply(at, v.expand(bias, at.shape)))] : [];
          });
          return own.reduce((sum, term) => v.add(sum, term), v.sum(v.multiply(x, gradients[block])));
        });
      };
      const outputs = { score, ...named('libra', conserved(v.libra)), ...named('plain', conserved({})) };
      const result = await evaluate<string>(outputs, backends[name], { image: pixels });
      const bound = name === 'reference' ? 1e-9 : 1e-5;
      for (let block = 0; block < depth; block++) {
        expect(Math.abs(result[`libra.${block}`][0] - result['score'][0])).toBeLessThan(bound);
        expect(Math.abs(result[`plain.${block}`][0] - result['score'][0])).toBeGreaterThan(1e-3);
      }
    },
  );

  test('a rule that is not given is the derivative', () => {
    const x = v.input('x', [3]);
    const [own] = v.gradient(v.relu(x), [x], { rules: { relu: (_, g) => [() => v.multiply(g, 2)] } });
    expect(own.operation.kind).not.toBe('where');
    const [negated] = v.gradient(v.negate(x), [x], { rules: { relu: () => [null] } });
    expect(negated.sources).toHaveLength(1);
  });
});

function named(prefix: string, tensors: readonly v.Tensor[]): Record<string, v.Tensor> {
  return Object.fromEntries(tensors.map((tensor, i) => [`${prefix}.${i}`, tensor]));
}
