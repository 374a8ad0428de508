import { describe, expect, test } from '@jest/globals';
import { discard } from '../../src/explain/index.js';
import { queryRow, throughNormalised } from '../../src/explain/propagation.js';
import * as v from '../../src/index.js';
import { backendNames, evaluate, useBackends } from '../support/backends.js';
import { difference, expectClose } from '../support/compare.js';
import { generator, randomValues, seed } from '../support/random.js';

/** Rows of numbers. */
type Matrix = readonly (readonly number[])[];

const heads = 2;
const depth = 3;
/** A grid that is not square behind two prefix tokens, both of which feed the classifier. */
const oblong: v.TokenGeometry = { prefixTokens: 2, grid: [2, 3], queryTokens: [0, 1] };
const tokens = 8;
const ratios = [0, 0.3, 0.5, 0.9];
const { headFusions } = v;
const rectified = v.gradientRolloutVariants.filter((variant) => variant !== 'signed');
const tolerance = { reference: 1e-12, native: 2e-6, webgpu: 2e-6 } as const;

/** Rows that sum to 1, as a softmax leaves them. `[batch, heads, tokens, tokens]` for each layer. */
function randomAttentions(random: () => number, batch: number): Float32Array[] {
  return Array.from({ length: depth }, () => {
    const values = randomValues(batch * heads * tokens * tokens, random, 0.01, 1);
    for (let start = 0; start < values.length; start += tokens) {
      const row = values.subarray(start, start + tokens);
      const sum = row.reduce((left, right) => left + right);
      row.forEach((value, i) => (row[i] = value / sum));
    }
    return values;
  });
}

/**
 * Multiples of 1/16: many of them are equal, and their products and means over two heads are exact in float32. So
 * which entries are the smallest is the same question on every backend, ties included.
 */
function coarse(random: () => number, low: number, high: number): Float32Array {
  return randomValues(heads * tokens * tokens, random, low, high).map((value) => Math.round(value * 16) / 16);
}

function layersOf(name: string, batch = 1, count = depth): v.Tensor[] {
  return Array.from({ length: count }, (_, layer) =>
    v.input(`${name}.${layer}`, [batch, heads, tokens, tokens]),
  );
}

function valuesOf(name: string, layers: readonly v.Values[]): Record<string, v.Values> {
  return Object.fromEntries(layers.map((values, layer) => [`${name}.${layer}`, values]));
}

function zeros(rows: number, columns: number): number[][] {
  return Array.from({ length: rows }, () => Array<number>(columns).fill(0));
}

function identity(n: number): number[][] {
  return zeros(n, n).map((row, i) => row.map((_, j) => Number(i === j)));
}

function product(a: Matrix, b: Matrix): number[][] {
  return a.map((row) => b[0].map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)));
}

function sumOf(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** Matrix of one head, or of what the given function makes of all heads' entries. */
function overHeads(entry: (at: number[]) => number): number[][] {
  return zeros(tokens, tokens).map((row, i) =>
    row.map((_, j) => entry(Array.from({ length: heads }, (_, head) => (head * tokens + i) * tokens + j))),
  );
}

const meanOf = (values: readonly number[]): number => sumOf(values) / values.length;
const fuse = { mean: meanOf, max: (x: number[]) => Math.max(...x), min: (x: number[]) => Math.min(...x) };
const relu = (value: number): number => Math.max(0, value);

/** The smallest entries whose key is a patch set to 0, by sorting them all. */
function discarded(matrix: Matrix, ratio: number, prefix: number): number[][] {
  const entries = matrix.flatMap((row, i) => row.map((value, j) => ({ value, i, j })));
  const candidates = entries.filter(({ j }) => j >= prefix);
  candidates.sort((a, b) => a.value - b.value || a.i - b.i || a.j - b.j);
  const result = matrix.map((row) => [...row]);
  for (const { i, j } of candidates.slice(0, Math.floor(ratio * candidates.length))) result[i][j] = 0;
  return result;
}

/** `R = Ahat[L] ... Ahat[1]`, every entry of it. */
function denseNormalised(matrices: readonly Matrix[]): Matrix {
  return matrices.reduce<Matrix>((r, matrix) => {
    const withIdentity = matrix.map((row, i) => row.map((value, j) => value + Number(i === j)));
    return product(
      withIdentity.map((row) => row.map((value) => value / sumOf(row))),
      r,
    );
  }, identity(tokens));
}

/** `R = R + M[l] R` for l = 1..L, every entry of it. */
function denseResidual(matrices: readonly Matrix[]): Matrix {
  return matrices.reduce<Matrix>((r, matrix) => {
    const step = product(matrix, r);
    return r.map((row, i) => row.map((value, j) => value + step[i][j]));
  }, identity(tokens));
}

/** The mean of the query rows, patches only. */
function patchesOf(r: Matrix, { queryTokens, prefixTokens }: v.TokenGeometry): number[] {
  return r[0].map((_, j) => meanOf(queryTokens.map((i) => r[i][j]))).slice(prefixTokens);
}

describe(`the rollout family on small attentions (seed ${seed})`, () => {
  const backends = useBackends();
  const attentions = layersOf('a');
  const gradients = layersOf('g');

  describe.each(backendNames)('on %s', (name) => {
    const relative = tolerance[name];
    const run = <Names extends string>(
      outputs: Readonly<Record<Names, v.Tensor>>,
      inputs: Readonly<Record<string, v.Values>> = {},
    ): Promise<Record<Names, v.Values>> => evaluate(outputs, backends[name], inputs);

    test('rows of rownorm(F + I) sum to 1, and so does the query row of their product', async () => {
      const random = generator();
      const matrices = Array.from({ length: depth }, () => randomValues(2 * tokens * tokens, random, 0, 3));
      const layers = matrices.map((values) => v.constant(values, [2, tokens, tokens]));
      const unit = v.constant(identity(tokens).flat(), [1, tokens, tokens]);
      const { single, query } = await run({
        // Every unit vector at once: the matrix itself.
        single: throughNormalised(unit, layers[0]),
        query: layers.reduceRight(throughNormalised, queryRow(oblong)),
      });
      for (let start = 0; start < single.length; start += tokens) {
        expect(Math.abs(sumOf(single.subarray(start, start + tokens)) - 1)).toBeLessThan(1e-6);
      }
      expect(query).toHaveLength(2 * tokens);
      for (const start of [0, tokens]) {
        const row = query.subarray(start, start + tokens);
        expect(Math.abs(sumOf(row) - 1)).toBeLessThan(1e-6);
        expect(Math.min(...row)).toBeGreaterThan(0);
      }
    });

    test('where every token attends to itself alone, the query row is one-hot and the map is zero', async () => {
      const geometry = { ...oblong, queryTokens: [1] };
      const eye = v.constant(
        [...identity(tokens).flat(), ...identity(tokens).flat()],
        [1, heads, tokens, tokens],
      );
      const layers = Array<v.Tensor>(depth).fill(eye);
      const matrices = layers.map((layer) => v.mean(layer, { axes: 1 }));
      const maps = Object.fromEntries(
        headFusions.flatMap((headFusion) =>
          ratios.map((discardRatio): [string, v.Tensor] => [
            `${headFusion} ${discardRatio}`,
            v.rollout(layers, geometry, { headFusion, discardRatio }),
          ]),
        ),
      );
      const result = await run<string>({
        ...maps,
        row: matrices.reduceRight(throughNormalised, queryRow(geometry)),
      });
      expect(Array.from(result['row'])).toEqual([0, 1, 0, 0, 0, 0, 0, 0]);
      for (const map of Object.keys(maps)) expect(Array.from(result[map])).toEqual([0, 0, 0, 0, 0, 0]);
    });

    test('where attention is uniform, all patches get the same', async () => {
      const uniform = v.expand(v.constant([1 / tokens], []), [1, heads, tokens, tokens]);
      const { map } = await run({ map: v.rollout(Array<v.Tensor>(depth).fill(uniform), oblong) });
      // ((J/n + I) / 2)^L = 2^-L I + (1 - 2^-L) J/n, with J all ones.
      const expected = (1 - 2 ** -depth) / tokens;
      expectClose(map, Array<number>(6).fill(expected), { absolute: 1e-7 });
    });

    test('where every gradient is 1, gradient rollout is attention rollout', async () => {
      const ones = gradients.map(({ shape }) => v.expand(v.constant([1], []), shape));
      const outputs: Record<string, v.Tensor> = {
        'relu-of-mean': v.gradientRollout(attentions, ones, oblong),
        'mean-of-relu': v.gradientRollout(attentions, ones, oblong, { variant: 'mean-of-relu' }),
      };
      for (const headFusion of headFusions) {
        outputs[headFusion] = v.rollout(attentions, oblong, { headFusion });
        outputs[`grad-times-${headFusion}`] = v.gradientRollout(attentions, ones, oblong, {
          variant: 'grad-times-fused',
          headFusion,
        });
      }
      const result = await run(outputs, valuesOf('a', randomAttentions(generator(), 1)));
      for (const variant of ['relu-of-mean', 'mean-of-relu', 'grad-times-mean']) {
        expectClose(result[variant], result['mean'], { relative });
      }
      for (const fusion of ['max', 'min']) {
        expectClose(result[`grad-times-${fusion}`], result[fusion], { relative });
        expect(difference(result[fusion], result['mean']).relative).toBeGreaterThan(1e-3);
      }
    });

    test('rollout is the dense product, for every fusion and ratio, ties included', async () => {
      const random = generator();
      const given = layersOf('a').map(() => coarse(random, 0, 1));
      const outputs: Record<string, v.Tensor> = {};
      const expected: Record<string, number[]> = {};
      for (const headFusion of headFusions) {
        for (const discardRatio of ratios) {
          const key = `${headFusion} ${discardRatio}`;
          outputs[key] = v.rollout(attentions, oblong, { headFusion, discardRatio });
          const matrices = given.map((a) => overHeads((at) => fuse[headFusion](at.map((i) => a[i]))));
          const dense = denseNormalised(
            matrices.map((matrix) => discarded(matrix, discardRatio, oblong.prefixTokens)),
          );
          expected[key] = patchesOf(dense, oblong);
        }
      }
      const result = await run(outputs, valuesOf('a', given));
      for (const key of Object.keys(expected)) expectClose(result[key], expected[key], { relative });
    });

    test('the gradient methods are their dense products, ties included', async () => {
      const random = generator();
      const a = layersOf('a').map(() => coarse(random, 0, 1));
      const g = layersOf('g').map(() => coarse(random, -1, 1));
      const weighted = {
        'relu-of-mean': (l: number, at: number[]) => relu(meanOf(at.map((i) => a[l][i] * g[l][i]))),
        'mean-of-relu': (l: number, at: number[]) => meanOf(at.map((i) => relu(a[l][i] * g[l][i]))),
        'grad-times-fused': (l: number, at: number[]) =>
          relu(meanOf(at.map((i) => g[l][i])) * Math.max(...at.map((i) => a[l][i]))),
        signed: (l: number, at: number[]) => meanOf(at.map((i) => a[l][i] * g[l][i])),
      };
      const matricesOf = (variant: v.GradientRolloutVariant): Matrix[] =>
        a.map((_, layer) => overHeads((at) => weighted[variant](layer, at)));
      const outputs: Record<string, v.Tensor> = {
        signed: v.gradientRollout(attentions, gradients, oblong, { variant: 'signed' }),
        chefer: v.cheferIccv21(attentions, gradients, oblong),
      };
      const expected: Record<string, number[]> = {
        signed: patchesOf(denseResidual(matricesOf('signed')), oblong),
        chefer: patchesOf(denseResidual(matricesOf('mean-of-relu')), oblong),
      };
      // With both signs of the gradient: where one map is rectified away, the other is not.
      const opposite = gradients.map(v.negate);
      for (let layer = 0; layer < depth; layer++) {
        outputs[`gradcam ${layer}`] = v.attentionGradcam(attentions, gradients, oblong, layer);
        outputs[`opposite gradcam ${layer}`] = v.attentionGradcam(attentions, opposite, oblong, layer);
        expected[`gradcam ${layer}`] = gradcam(a[layer], g[layer]);
        expected[`opposite gradcam ${layer}`] = gradcam(
          a[layer],
          g[layer].map((value) => -value),
        );
      }
      for (const variant of rectified) {
        for (const discardRatio of ratios) {
          const key = `${variant} ${discardRatio}`;
          outputs[key] = v.gradientRollout(attentions, gradients, oblong, {
            variant,
            discardRatio,
            headFusion: 'max',
          });
          const kept = matricesOf(variant).map((matrix) =>
            discarded(matrix, discardRatio, oblong.prefixTokens),
          );
          expected[key] = patchesOf(denseNormalised(kept), oblong);
        }
      }
      const result = await run(outputs, { ...valuesOf('a', a), ...valuesOf('g', g) });
      // The signed form adds terms of both signs: its rounding error is measured against them, not their sum.
      for (const key of Object.keys(expected)) {
        const largest = Math.max(1e-3, ...expected[key].map(Math.abs));
        expectClose(result[key], expected[key], { absolute: 4 * relative * Math.max(largest, 1) });
      }
    });

    test('three images in one batch get the maps that each gets alone', async () => {
      const random = generator();
      const [a, g] = [randomAttentions(random, 3), randomAttentions(random, 3)];
      // Gradients of both signs.
      for (const values of g) values.forEach((value, i) => (values[i] = random() < 0.5 ? value : -value));
      const methods = (batch: number): Record<string, v.Tensor> => {
        const [attention, gradient] = [layersOf('a', batch), layersOf('g', batch)];
        const maps: Record<string, v.Tensor> = {
          chefer: v.cheferIccv21(attention, gradient, oblong),
          gradcam: v.attentionGradcam(attention, gradient, oblong),
        };
        for (const headFusion of headFusions) {
          maps[`rollout ${headFusion}`] = v.rollout(attention, oblong, { headFusion, discardRatio: 0.5 });
        }
        for (const variant of v.gradientRolloutVariants) {
          maps[variant] = v.gradientRollout(attention, gradient, oblong, { variant, discardRatio: 0.5 });
        }
        return maps;
      };
      const together = await run(methods(3), { ...valuesOf('a', a), ...valuesOf('g', g) });
      const size = a[0].length / 3;
      const part = (layers: Float32Array[], image: number): Float32Array[] =>
        layers.map((values) => values.subarray(image * size, (image + 1) * size));
      for (const image of [0, 1, 2]) {
        const alone = await run(methods(1), {
          ...valuesOf('a', part(a, image)),
          ...valuesOf('g', part(g, image)),
        });
        for (const method of Object.keys(alone)) {
          expect(alone[method]).toHaveLength(6);
          expectClose(together[method].subarray(6 * image, 6 * image + 6), alone[method], {
            absolute: relative,
          });
        }
      }
      expect(
        difference(together['chefer'].subarray(0, 6), together['chefer'].subarray(6, 12)).relative,
      ).toBeGreaterThan(1e-3);
    });

    test('a range of layers is the product of those layers alone', async () => {
      const random = generator();
      const given = {
        ...valuesOf('a', randomAttentions(random, 1)),
        ...valuesOf('g', randomAttentions(random, 1)),
      };
      const [someA, someG] = [attentions.slice(1, 3), gradients.slice(1, 3)];
      const layers = [1, 2] as const;
      const outputs: Record<string, v.Tensor> = {
        rollout: v.rollout(attentions, oblong, { layers }),
        'rollout of those': v.rollout(someA, oblong),
        'rollout of all': v.rollout(attentions, oblong),
        'one layer': v.rollout(attentions, oblong, { layers: [1, 1] }),
        'one layer of those': v.rollout(someA, oblong, { layers: [0, 0] }),
        gradient: v.gradientRollout(attentions, gradients, oblong, { layers }),
        'gradient of those': v.gradientRollout(someA, someG, oblong),
        'gradient of all': v.gradientRollout(attentions, gradients, oblong),
        signed: v.gradientRollout(attentions, gradients, oblong, { variant: 'signed', layers }),
        'signed of those': v.gradientRollout(someA, someG, oblong, { variant: 'signed' }),
        chefer: v.cheferIccv21(attentions, gradients, oblong, layers),
        'chefer of those': v.cheferIccv21(someA, someG, oblong),
        'chefer of all': v.cheferIccv21(attentions, gradients, oblong),
        gradcam: v.attentionGradcam(attentions, gradients, oblong, 1),
        'gradcam of those': v.attentionGradcam([attentions[1]], [gradients[1]], oblong),
        'gradcam of all': v.attentionGradcam(attentions, gradients, oblong),
      };
      const result = await run(outputs, given);
      for (const method of ['rollout', 'one layer', 'gradient', 'signed', 'chefer', 'gradcam']) {
        expectClose(result[method], result[`${method} of those`], { relative });
      }
      for (const method of ['rollout', 'gradient', 'chefer', 'gradcam']) {
        expect(difference(result[method], result[`${method} of all`]).relative).toBeGreaterThan(1e-3);
      }
    });

    test('two query tokens get the mean of the maps of each', async () => {
      const random = generator();
      const given = {
        ...valuesOf('a', randomAttentions(random, 1)),
        ...valuesOf('g', randomAttentions(random, 1)),
      };
      const methods: Record<string, (geometry: v.TokenGeometry) => v.Tensor> = {
        rollout: (geometry) => v.rollout(attentions, geometry, { discardRatio: 0.5 }),
        chefer: (geometry) => v.cheferIccv21(attentions, gradients, geometry),
      };
      for (const variant of v.gradientRolloutVariants) {
        methods[variant] = (geometry) => v.gradientRollout(attentions, gradients, geometry, { variant });
      }
      for (const map of Object.values(methods)) {
        const both = map(oblong);
        expect(both.shape).toEqual([1, 2, 3]);
        const result = await run(
          { both, first: map({ ...oblong, queryTokens: [0] }), second: map({ ...oblong, queryTokens: [1] }) },
          given,
        );
        const expected = Array.from(result.first, (value, i) => (value + result.second[i]) / 2);
        expectClose(result.both, expected, { relative });
        // Else the test says nothing about which rows were taken.
        expect(difference(result.first, result.second).relative).toBeGreaterThan(1e-6);
      }
    });

    test.each(ratios)('discard %f: as many as it says, prefix keys never, ties by index', async (ratio) => {
      const random = generator();
      const prefix = 2;
      const count = tokens * (tokens - prefix);
      const size = tokens * tokens;
      // One image without a zero, with few distinct values; one of ties only, prefix keys smaller than all.
      const tied = Float32Array.from({ length: size }, (_, i) => (i % tokens < prefix ? 0.25 : 2));
      const few = randomValues(size, random, 1, 4).map(Math.floor);
      const values = Float32Array.from([...few, ...tied]);
      const { kept } = await run({
        kept: discard(v.constant(values, [2, tokens, tokens]), ratio, prefix),
      });
      const rows = (from: ArrayLike<number>, image: number): number[][] =>
        zeros(tokens, tokens).map((row, i) => row.map((_, j) => from[image * size + i * tokens + j]));
      for (const image of [0, 1]) {
        const now = rows(kept, image);
        expect(now.flat().filter((value) => value === 0)).toHaveLength(Math.floor(ratio * count));
        expect(now.map((row) => row.slice(0, prefix))).toEqual(
          rows(values, image).map((row) => row.slice(0, prefix)),
        );
        expect(now).toEqual(discarded(rows(values, image), ratio, prefix));
      }
      // All patch keys tie: the first in reading order went.
      const patchKeys = rows(kept, 1).flatMap((row) => row.slice(prefix));
      const gone = Math.floor(ratio * count);
      expect(patchKeys).toEqual(patchKeys.map((_, i) => (i < gone ? 0 : 2)));
    });
  });
});

/** Grad-CAM of one layer from its definition, for the oblong geometry. */
function gradcam(a: Float32Array, g: Float32Array): number[] {
  const { prefixTokens, queryTokens } = oblong;
  const patches = Array.from({ length: tokens - prefixTokens }, (_, j) => j + prefixTokens);
  const at = (values: Float32Array, head: number, j: number): number =>
    meanOf(queryTokens.map((i) => values[(head * tokens + i) * tokens + j]));
  return patches.map((j) =>
    relu(meanOf([0, 1].map((head) => meanOf(patches.map((k) => at(g, head, k))) * at(a, head, j)))),
  );
}

describe('what explanations refuse', () => {
  const attentions = layersOf('a');
  const gradients = layersOf('g');

  test.each([-0.1, 1, 1.5, NaN, Infinity])('a discard ratio of %f', (discardRatio) => {
    expect(() => v.rollout(attentions, oblong, { discardRatio })).toThrow(v.UsageError);
    expect(() => v.gradientRollout(attentions, gradients, oblong, { discardRatio })).toThrow(v.UsageError);
  });

  test.each([[[-1, 1]], [[2, 1]], [[0, 3]], [[0.5, 1]], [[0, NaN]]] as unknown as readonly (readonly [
    v.LayerRange,
  ])[])('layers %p of three', (layers) => {
    expect(() => v.rollout(attentions, oblong, { layers })).toThrow(v.UsageError);
    expect(() => v.gradientRollout(attentions, gradients, oblong, { layers })).toThrow(v.UsageError);
    expect(() => v.cheferIccv21(attentions, gradients, oblong, layers)).toThrow(v.UsageError);
  });

  test.each([-1, 3, 0.5, NaN])('Grad-CAM of layer %f of three', (layer) => {
    expect(() => v.attentionGradcam(attentions, gradients, oblong, layer)).toThrow(v.UsageError);
  });

  test('attention or gradients that do not fit the geometry, and no layer at all', () => {
    const wide: v.TokenGeometry = { ...oblong, grid: [3, 3] };
    const flat = [v.input('flat', [1, tokens, tokens])];
    const other = [v.input('other', [1, heads, tokens, tokens + 1])];
    const methods = [
      (a: v.Tensor[], _: v.Tensor[], geometry: v.TokenGeometry) => v.rollout(a, geometry),
      v.gradientRollout,
      v.cheferIccv21,
      v.attentionGradcam,
    ];
    for (const method of methods) {
      expect(() => method(attentions, gradients, wide)).toThrow(v.ShapeError);
      expect(() => method(flat, flat, oblong)).toThrow(v.ShapeError);
      expect(() => method(other, other, oblong)).toThrow(v.ShapeError);
      expect(() => method([], [], oblong)).toThrow(v.ShapeError);
    }
    for (const method of methods.slice(1)) {
      expect(() => method(attentions.slice(0, 1), flat, oblong)).toThrow(v.ShapeError);
    }
  });
});
