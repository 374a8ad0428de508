import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { evaluate } from '../support/backends.js';
import { expectClose } from '../support/compare.js';
import { generator, randomValues, seed } from '../support/random.js';

/*
 * Methods of several parts against plain loops over what they are made of, on a net with random weights, so that each sum, product
 * and normalisation is where its formula has it.
 */

const config: v.VisionTransformerConfig = {
  ...{
    imageSize: [12, 16],
    patchSize: 4,
    channels: 3,
    width: 12,
    depth: 4,
    heads: 3,
    hidden: 20,
    classes: 5,
  },
  layerNormEpsilon: 1e-6,
};
const { depth, heads, width } = config;
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const sum = (count: number, of: (i: number) => number): number =>
  range(count).reduce((total, i) => total + of(i), 0);

describe(`slow plain versions (seed ${seed})`, () => {
  const random = generator();
  const model = new v.VisionTransformer(config);
  for (const [name, parameter] of model.namedParameters()) {
    const values = randomValues(parameter.size, random, -0.6, 0.6);
    parameter.assign(/norm\d?\.weight$/.test(name) ? values.map((value) => 1 + value) : values);
  }
  const { prefixTokens, grid } = model.geometry;
  const [rows, columns] = grid;
  const [patches, tokens] = [rows * columns, prefixTokens + rows * columns];
  const image = randomValues(v.sizeOf(model.inputShape), random);
  const forward = v.forwardPass(model, v.input('image', [1, ...model.inputShape]));
  const ofClass = (target: number): v.Explained => {
    const onehot = range(config.classes).map((index) => Number(index === target));
    return v.explained(forward, v.constant(onehot, [1, config.classes]));
  };
  const plain = ofClass(3);
  const run = (outputs: Record<string, v.Tensor>): Promise<Record<string, v.Values>> =>
    evaluate(outputs, new v.ReferenceBackend(), { image });

  /** Numbers of every layer, and the gradients of a score with respect to them. */
  const partsOf = async (pass: v.Explained) => {
    const names = ['attention', 'tokens', 'middle', 'after', 'normed'] as const;
    const tensors = pass.layers.flatMap((layer, l) => names.map((name) => [`${name}.${l}`, layer[name]] as const));
    const gradients = pass.gradient(tensors.map(([, tensor]) => tensor));
    const found = await run({
      ...Object.fromEntries(tensors),
      ...Object.fromEntries(tensors.map(([name], i) => [`d.${name}`, gradients[i]])),
    });
    const token = (name: string, t: number): number[] => Array.from(found[name].slice(t * width, (t + 1) * width));
    const overHeads = (of: (at: number) => number, i: number, j: number): number =>
      sum(heads, (h) => of((h * tokens + i) * tokens + j)) / heads;
    return { found, token, overHeads };
  };
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((total, value, i) => total + value * b[i], 0);
  const length = (a: readonly number[]): number => Math.sqrt(dot(a, a));
  const relu = (value: number): number => Math.max(0, value);
  /** Of whole matrices. */
  const product = (a: number[][], b: number[][]): number[][] =>
    a.map((row) => range(b[0].length).map((j) => sum(b.length, (k) => row[k] * b[k][j])));
  const square = (of: (i: number, j: number) => number): number[][] =>
    range(tokens).map((i) => range(tokens).map((j) => of(i, j)));
  /** The class token is the query. */
  const ofQuery = (matrix: number[][]): number[] => matrix[0].slice(prefixTokens);

  test('tokentm, as it is and under libra', async () => {
    for (const pass of [plain, plain.under(v.libra)]) {
      const { found, token, overHeads } = await partsOf(pass);
      const change = (before: string, after: string): number[] => {
        const cosines = range(tokens).map((t) => {
          const [a, b] = [token(before, t), token(after, t)];
          return dot(a, b) / (length(a) * length(b));
        });
        const total = cosines.reduce((all, cosine) => all + Math.exp(cosine), 0);
        return cosines.map((cosine, t) => ((length(token(after, t)) / length(token(before, t))) * Math.exp(cosine)) / total);
      };
      let c = square((i, j) => Number(i === j) * length(token('tokens.0', j)));
      for (const l of range(depth)) {
        const ofAttention = change(`tokens.${l}`, `middle.${l}`);
        const ofMlp = change(`middle.${l}`, `after.${l}`);
        const [a, g] = [found[`attention.${l}`], found[`d.attention.${l}`]];
        const first = square(
          (i, j) =>
            Number(i === j) +
            overHeads((at) => a[at], i, j) * ofAttention[j] * overHeads((at) => relu(g[at]), i, j),
        );
        c = product(square((i, j) => Number(i === j) * (1 + ofMlp[i])), product(first, c));
      }
      const { map } = await run({ map: v.tokentm.map(pass) });
      expectClose(map, ofQuery(c), { relative: 1e-6 });
    }
  });

  test('token-gradcam of each block', async () => {
    const { token } = await partsOf(plain);
    for (const block of range(depth - 1)) {
      const alpha = range(width).map((c) => sum(patches, (p) => token(`d.normed.${block}`, prefixTokens + p)[c]) / patches);
      const expected = range(patches).map((p) => relu(dot(alpha, token(`normed.${block}`, prefixTokens + p))));
      const { map } = await run({ map: v.tokenGradcam.map(plain, { block }) });
      // Perhaps nothing is above 0.
      expectClose(map, expected, { absolute: 1e-9 });
    }
  });

  /** Of a class, its evidence before rollout weighs it, and the map itself. */
  const recommendedOf = async (pass: v.Explained): Promise<{ spread: number[]; map: number[] }> => {
    const { found, token, overHeads } = await partsOf(pass.ofLogProbability().under(v.libra));
    const skip = range(patches).map((p) =>
      sum(depth - depth / 2, (l) => dot(token(`tokens.${l + depth / 2}`, prefixTokens + p), token(`d.tokens.${l + depth / 2}`, prefixTokens + p))),
    );
    const hand = range(patches).map((p) =>
      sum(depth, (l) => overHeads((at) => found[`attention.${l}`][at] * found[`d.attention.${l}`][at], 0, prefixTokens + p)),
    );
    const share = (values: readonly number[]): number[] => {
      const total = values.reduce((all, value) => all + Math.abs(value), 0);
      return values.map((value) => value / total);
    };
    const evidence = share(skip).map((value, p) => value + share(hand)[p]);
    // Of four blocks the second and the third: a third is 1, a half 2, two thirds 2.
    const likeness = [1, 2].map((l) => {
      const own = range(patches).map((p) => token(`tokens.${l}`, prefixTokens + p));
      const average = range(width).map((c) => sum(patches, (p) => own[p][c]) / patches);
      const apart = own.map((row) => row.map((value, c) => value - average[c]));
      return (i: number, j: number): number => relu(dot(apart[i], apart[j]) / (length(apart[i]) * length(apart[j])));
    });
    const near = (5 * Math.max(rows, columns)) / 14;
    const weight = (i: number, j: number): number => {
      const down = Math.floor(i / columns) - Math.floor(j / columns);
      const across = (i % columns) - (j % columns);
      const alike = (likeness[0](i, j) + likeness[1](i, j)) / 2;
      return alike ** 2 * Math.exp(-(down ** 2 + across ** 2) / (2 * near ** 2));
    };
    const spread = range(patches).map((i) => {
      const weights = range(patches).map((j) => weight(i, j));
      return dot(weights, evidence) / weights.reduce((a, b) => a + b);
    });
    let r = square((i, j) => Number(i === j));
    for (const l of range(depth)) {
      const withIdentity = square((i, j) => overHeads((at) => found[`attention.${l}`][at], i, j) + Number(i === j));
      r = product(withIdentity.map((row) => row.map((value) => value / row.reduce((a, b) => a + b))), r);
    }
    const rollout = ofQuery(r);
    return { spread, map: spread.map((value, p) => Math.sign(value) * value ** 2 * rollout[p]) };
  };

  test('recommended, and its evidence before rollout weighs it', async () => {
    const signs = new Set<number>();
    for (const target of range(config.classes)) {
      const pass = ofClass(target);
      const expected = await recommendedOf(pass);
      const maps = await run({ map: v.recommended.map(pass), spread: v.recommended.map(pass, { form: 'spread' }) });
      expectClose(maps['spread'], expected.spread, { relative: 1e-9 });
      expectClose(maps['map'], expected.map, { relative: 1e-9 });
      expected.spread.forEach((value) => signs.add(Math.sign(value)));
    }
    // What speaks for one class speaks against another: evidence for log-probabilities, weighed by the probabilities, sums to 0.
    expect(signs).toEqual(new Set([-1, 1]));
  });

  test('legrad: each entry of attention moved a little, and the score of its layer looked at', async () => {
    const entries = range(heads).flatMap((h) => range(tokens).map((i) => [h, i] as const));
    const chosen = [0, patches - 1].map((p) => prefixTokens + p);
    const step = 1e-5;
    const expected = chosen.map(() => 0);
    for (const l of range(depth)) {
      for (const [position, key] of chosen.entries()) {
        // All at once, each in a picture of its own: moved up, and moved down.
        const moves = [step, -step].flatMap((by) => entries.map(([h, i]) => ({ by, at: (h * tokens + i) * tokens + key })));
        const moved = new Float64Array(moves.length * heads * tokens * tokens);
        moves.forEach(({ by, at }, number) => (moved[number * heads * tokens * tokens + at] = by));
        const shape = [moves.length, heads, tokens, tokens];
        const hook = model
          .getModule(`blocks.${l}.attn.attn_drop`)
          .registerForwardHook((_, __, attention) => v.add(attention, v.constant(moved, shape)));
        const pass = v.forwardPass(model, v.expand(v.input('image', [1, ...model.inputShape]), [moves.length, ...model.inputShape]));
        hook.remove();
        const { after } = pass.layers[l];
        const average = v.mean(after, { axes: 1, keepDims: true });
        const logits = pass.classify(v.expand(average, after.shape));
        const { score } = await run({ score: v.slice(logits, 1, 3, 4) });
        const slopes = entries.map((_, number) => (score[number] - score[entries.length + number]) / (2 * step));
        expected[position] += slopes.reduce((total, slope) => total + relu(slope), 0) / entries.length / depth;
      }
    }
    const { none, scaled } = await run({ none: v.legrad.map(plain, { scaling: 'none' }), scaled: v.legrad.map(plain) });
    expectClose(chosen.map((key) => none[key - prefixTokens]), expected, { relative: 1e-5 });
    const [least, greatest] = [Math.min(...none), Math.max(...none)];
    expectClose(scaled, none.map((value) => (value - least) / (greatest - least)), { absolute: 1e-9 });
  });
}); // prettier-ignore
