import { describe, expect, test } from '@jest/globals';
import { getDescription } from 'valibot';
import { discard } from '../../src/explain/index.js';
import { queryMap, throughNormalised } from '../../src/explain/propagation.js';
import * as v from '../../src/index.js';
import { backendNames, evaluate, useBackends } from '../support/backends.js';
import { difference, expectClose } from '../support/compare.js';
import { passOf, queryOf, type QueriedGeometry } from '../support/passes.js';
import { generator, randomValues, seed } from '../support/random.js';

/** Those that look at attention alone, and its gradients. */
const family = [
  v.attentionGradcam,
  v.attentionGradient,
  v.cheferIccv21,
  v.gradientRollout,
  v.handoff,
  v.rollout,
  v.vitExplainGradientRollout,
  v.vitExplainRollout,
] as const satisfies readonly v.AnyMethod[];

/** Rows of numbers. */
type Matrix = readonly (readonly number[])[];

const heads = 2;
const depth = 3;
/** A grid that is not square behind two prefix tokens, both of which feed the classifier. */
const oblong: QueriedGeometry = { prefixTokens: 2, grid: [2, 3], queryTokens: [0, 1] };
const tokens = 8;
const ratios = [0, 0.3, 0.5, 0.9];
const { headFusions } = v;
const rectified = v.gradientRolloutVariants.filter((variant) => variant !== 'signed');
const tolerance = { reference: 1e-12, native: 2e-6, wasm: 2e-6, webgpu: 2e-6 } as const;

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

/** The same with the script's slip: column j is divided by the sum of row j. */
function denseMisnormalised(matrices: readonly Matrix[]): Matrix {
  return matrices.reduce<Matrix>((r, matrix) => {
    const withIdentity = matrix.map((row, i) => row.map((value, j) => value + Number(i === j)));
    const sums = withIdentity.map(sumOf);
    return product(
      withIdentity.map((row) => row.map((value, j) => value / sums[j])),
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
function patchesOf(r: Matrix, { queryTokens, prefixTokens }: QueriedGeometry): number[] {
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
        query: layers.reduceRight(throughNormalised, queryOf(oblong)),
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
            v.rollout.map(passOf(layers, geometry), { headFusion, discardRatio }),
          ]),
        ),
      );
      const result = await run<string>({
        ...maps,
        row: matrices.reduceRight(throughNormalised, queryOf(geometry)),
      });
      expect(Array.from(result['row'])).toEqual([0, 1, 0, 0, 0, 0, 0, 0]);
      for (const map of Object.keys(maps)) expect(Array.from(result[map])).toEqual([0, 0, 0, 0, 0, 0]);
    });

    test('a step that takes more than row and matrix is given no more', async () => {
      const layers = attentions.map((layer) => v.mean(layer, { axes: 1 }));
      const map = queryMap(layers, passOf(attentions, oblong), v.matmul);
      const given = randomAttentions(generator(), 1);
      const { y } = await run({ y: map }, valuesOf('a', given));
      const matrices = given.map((a) => overHeads((at) => meanOf(at.map((i) => a[i]))));
      const dense = matrices.reduce((r, matrix) => product(matrix, r), identity(tokens));
      expectClose(y, patchesOf(dense, oblong), { relative });
    });

    test('where attention is uniform, all patches get the same', async () => {
      const uniform = v.expand(v.constant([1 / tokens], []), [1, heads, tokens, tokens]);
      const { map } = await run({ map: v.rollout.map(passOf(Array<v.Tensor>(depth).fill(uniform), oblong)) });
      // ((J/n + I) / 2)^L = 2^-L I + (1 - 2^-L) J/n, with J all ones.
      const expected = (1 - 2 ** -depth) / tokens;
      expectClose(map, Array<number>(6).fill(expected), { absolute: 1e-7 });
    });

    test('where every gradient is 1, gradient rollout is attention rollout', async () => {
      const ones = gradients.map(({ shape }) => v.expand(v.constant([1], []), shape));
      const outputs: Record<string, v.Tensor> = {
        'relu-of-mean': v.gradientRollout.map(passOf(attentions, oblong, ones)),
        'mean-of-relu': v.gradientRollout.map(passOf(attentions, oblong, ones), { variant: 'mean-of-relu' }),
      };
      for (const headFusion of headFusions) {
        outputs[headFusion] = v.rollout.map(passOf(attentions, oblong), { headFusion });
        outputs[`grad-times-${headFusion}`] = v.gradientRollout.map(passOf(attentions, oblong, ones), {
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
          outputs[key] = v.rollout.map(passOf(attentions, oblong), { headFusion, discardRatio });
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
        signed: v.gradientRollout.map(passOf(attentions, oblong, gradients), { variant: 'signed' }),
        chefer: v.cheferIccv21.map(passOf(attentions, oblong, gradients)),
      };
      const expected: Record<string, number[]> = {
        signed: patchesOf(denseResidual(matricesOf('signed')), oblong),
        chefer: patchesOf(denseResidual(matricesOf('mean-of-relu')), oblong),
      };
      // With both signs of the gradient: where one map is rectified away, the other is not.
      const opposite = gradients.map(v.negate);
      for (let layer = 0; layer < depth; layer++) {
        outputs[`gradcam ${layer}`] = v.attentionGradcam.map(passOf(attentions, oblong, gradients), {
          layers: [layer, layer],
        });
        outputs[`opposite gradcam ${layer}`] = v.attentionGradcam.map(passOf(attentions, oblong, opposite), {
          layers: [layer, layer],
        });
        expected[`gradcam ${layer}`] = gradcam(a[layer], g[layer]);
        expected[`opposite gradcam ${layer}`] = gradcam(
          a[layer],
          g[layer].map((value) => -value),
        );
      }
      for (const variant of rectified) {
        for (const discardRatio of ratios) {
          const key = `${variant} ${discardRatio}`;
          outputs[key] = v.gradientRollout.map(passOf(attentions, oblong, gradients), {
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

    test('the methods of the script vit-explain are what it computes, its slips included', async () => {
      const random = generator();
      const a = layersOf('a').map(() => coarse(random, 0, 1));
      const g = layersOf('g').map(() => coarse(random, -1, 1));
      // Small, or it would be kept without being spared.
      for (const values of a)
        for (let head = 0; head < heads; head++) values[head * tokens * tokens] = 1 / 16;
      const asShown = (matrices: readonly Matrix[]): number[] => {
        const map = patchesOf(denseMisnormalised(matrices), oblong);
        return map.map((value) => value / Math.max(...map));
      };
      // The derivative before the softmax, of the layer that has as many behind it as this one before it.
      const before = (layer: number, at: number): number => {
        const [own, grad] = [a[depth - 1 - layer], g[depth - 1 - layer]];
        const start = at - (at % tokens);
        const row = Array.from({ length: tokens }, (_, k) => own[start + k] * grad[start + k]);
        return own[at] * (grad[at] - sumOf(row));
      };
      const weighted = a.map((values, layer) =>
        overHeads((at) => relu(meanOf(at.map((i) => values[i] * before(layer, i))))),
      );
      const outputs: Record<string, v.Tensor> = {};
      const expected: Record<string, number[]> = {};
      const pass = passOf(attentions, oblong, gradients);
      for (const discardRatio of ratios) {
        const withGradient = `gradient rollout ${discardRatio}`;
        outputs[withGradient] = v.vitExplainGradientRollout.map(pass, { discardRatio });
        expected[withGradient] = asShown(weighted.map((matrix) => discarded(matrix, discardRatio, 0)));
        for (const headFusion of headFusions) {
          const key = `rollout ${headFusion} ${discardRatio}`;
          outputs[key] = v.vitExplainRollout.map(pass, { headFusion, discardRatio });
          const kept = a.map((values) => {
            const matrix = overHeads((at) => fuse[headFusion](at.map((i) => values[i])));
            const [[, ...row], ...others] = discarded(matrix, discardRatio, 0);
            return [[matrix[0][0], ...row], ...others];
          });
          expected[key] = asShown(kept);
        }
      }
      const result = await run(outputs, { ...valuesOf('a', a), ...valuesOf('g', g) });
      for (const key of Object.keys(expected)) expectClose(result[key], expected[key], { relative });
    });

    test('three images in one batch get the maps that each gets alone', async () => {
      const random = generator();
      const [a, g] = [randomAttentions(random, 3), randomAttentions(random, 3)];
      // Gradients of both signs.
      for (const values of g) values.forEach((value, i) => (values[i] = random() < 0.5 ? value : -value));
      const methods = (batch: number): Record<string, v.Tensor> => {
        const pass = passOf(layersOf('a', batch), oblong, layersOf('g', batch));
        return mapsOf(family, pass, { discardRatio: 0.5 });
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
          const positive = !/signed|handoff/.test(method);
          if (positive) expect(Math.min(...alone[method])).toBeGreaterThanOrEqual(0);
          expectClose(together[method].subarray(6 * image, 6 * image + 6), alone[method], {
            absolute: relative,
          });
        }
      }
      expect(
        difference(together['chefer-iccv21'].subarray(0, 6), together['chefer-iccv21'].subarray(6, 12))
          .relative,
      ).toBeGreaterThan(1e-3);
    });

    test('a range of layers is the product of those layers alone', async () => {
      const random = generator();
      const given = {
        ...valuesOf('a', randomAttentions(random, 1)),
        ...valuesOf('g', randomAttentions(random, 1)),
      };
      const some = passOf(attentions.slice(0, 2), oblong, gradients.slice(0, 2));
      const all = passOf(attentions, oblong, gradients);
      const ranged = family.filter((method) => 'layers' in method.options(v.unknownSizes));
      const results = {
        within: await run(mapsOf(ranged, all, { layers: [0, 1] }), given),
        alone: await run(mapsOf(ranged, some), given),
        whole: await run(mapsOf(ranged, all), given),
      };
      const names = Object.keys(results.within);
      expect(names).toEqual(
        expect.arrayContaining(['rollout max', 'gradient-rollout signed mean', 'chefer-iccv21']),
      );
      for (const name of names) {
        expectClose(results.within[name], results.alone[name], { relative });
        expect(difference(results.within[name], results.whole[name]).relative).toBeGreaterThan(1e-3);
      }
    });

    test('two query tokens get the mean of the maps of each', async () => {
      const random = generator();
      const given = {
        ...valuesOf('a', randomAttentions(random, 1)),
        ...valuesOf('g', randomAttentions(random, 1)),
      };
      // Those whose map is linear in the query's row: not what is rectified or divided after it.
      const linear = family.filter(({ name }) => !/gradcam|vit-explain/.test(name));
      const maps = (geometry: QueriedGeometry): Record<string, v.Tensor> =>
        mapsOf(linear, passOf(attentions, geometry, gradients), { discardRatio: 0.5 });
      const [joint, one, other] = [[0, 1], [0], [1]].map((queryTokens) => maps({ ...oblong, queryTokens }));
      for (const name of Object.keys(joint)) {
        const [both, first, second] = [joint[name], one[name], other[name]];
        expect(both.shape).toEqual([1, 2, 3]);
        const result = await run({ both, first, second }, given);
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
  const pass = passOf(layersOf('a'), oblong, layersOf('g'));
  const withOption = (option: string): readonly v.AnyMethod[] => {
    const found = v.methods.filter((method) => option in method.options(v.unknownSizes));
    expect(found.length).toBeGreaterThan(2);
    return found;
  };

  test.each([-0.1, 1, 1.5, NaN, Infinity, '0.5'])('a discard ratio of %p', (discardRatio) => {
    for (const method of withOption('discardRatio')) {
      expect(() => method.map(pass, { discardRatio })).toThrow(v.UsageError);
      expect(() => method.map(pass, { discardRatio })).toThrow(/^discardRatio is .*; give a number from 0/);
    }
  });

  test.each([[[-1, 1]], [[2, 1]], [[0, 3]], [[0.5, 1]], [[0, NaN]], [[0, 1, 2]], ['0-1']])(
    'layers %p of three',
    (layers) => {
      for (const method of withOption('layers')) {
        expect(() => method.map(pass, { layers })).toThrow(v.UsageError);
        expect(() => method.map(pass, { layers })).toThrow(/; give two blocks between 0 and 2, such as 0-2/);
      }
    },
  );

  test('a fusion or a variant of another name, and an option that a method has not', () => {
    expect(() => v.findMethod('rollout').map(pass, { headFusion: 'sum' })).toThrow(
      'headFusion is "sum"; choose one of: mean, max, min.',
    );
    for (const method of v.methods) {
      const known = Object.keys(method.options(v.unknownSizes)).join(', ');
      expect(() => method.map(pass, { compat: 'script' })).toThrow(
        new v.UsageError(`There is no option compat here; there is ${known || 'none'}.`),
      );
    }
  });

  test('an option of a method that has none, and a number that JSON lacks', () => {
    const none = v.define({ ...v.rollout, options: () => ({}), map: ({ layers }) => layers[0].attention });
    expect(() => none.parse({ layers: [0, 0] }, v.unknownSizes)).toThrow(
      'There is no option layers here; there is none.',
    );
    expect(() => v.rollout.parse({ discardRatio: Infinity }, v.unknownSizes)).toThrow(
      'discardRatio is Infinity; give a number',
    );
    expect(() => v.rollout.parse({ layers: [1, 0] }, v.unknownSizes)).toThrow(
      'layers is [1, 0]; give two blocks, such as 0-5, the lower first.',
    );
  });

  test('attention that does not fit the layout, and no layer at all', () => {
    const flat = [v.input('flat', [1, tokens, tokens])];
    const other = [v.input('other', [1, heads, tokens, tokens + 1])];
    const wide = passOf(layersOf('a'), { ...oblong, grid: [3, 3] }, layersOf('g'));
    for (const method of family as readonly v.AnyMethod[]) {
      for (const wrong of [wide, passOf(flat, oblong, flat), passOf(other, oblong, other)]) {
        expect(() => method.map(wrong)).toThrow(v.ShapeError);
      }
      expect(() => method.map(passOf([], oblong))).toThrow(v.VitrineError);
    }
    expect(() => v.rollout.map(passOf(flat, oblong))).toThrow(
      'Attention of shape [1, 8, 8] does not fit 8 tokens; expected [batch, heads, 8, 8].',
    );
    expect(() => v.vitExplainRollout.map(passOf([], oblong))).toThrow(
      'An explanation needs the attention of at least one layer.',
    );
  });

  test.each([
    [[1, heads, tokens + 1, tokens]],
    [[1, heads, tokens, tokens + 1]],
    [[1, heads, tokens, tokens, 1]],
    [[1, tokens, tokens]],
  ])('attention of shape %j', (shape) => {
    const wrong = passOf([v.input('a', [1, heads, tokens, tokens]), v.input('wrong', shape)], oblong);
    expect(() => v.rollout.map(wrong)).toThrow(
      new v.ShapeError(
        `Attention of shape ${v.formatShape(shape)} does not fit 8 tokens; expected [batch, heads, 8, 8].`,
      ),
    );
  });

  test('a share to discard that is none', () => {
    for (const ratio of [-0.1, 1, NaN]) {
      expect(() => discard(v.input('x', [1, 2, 2]), ratio, 1)).toThrow(
        new v.UsageError(`The discard ratio is ${ratio}; give a number from 0 up to, but not including, 1.`),
      );
    }
  });
});

/** DeiT-tiny's. */
const sizes: v.ModelSizes = { depth: 12, heads: 3, headWidth: 64, grid: [14, 14] };

describe('the list of methods', () => {
  test('has names, sources and help texts, each name once', () => {
    expect(new Set(v.methods.map(({ name }) => name)).size).toBe(v.methods.length);
    for (const { name, explains, source, options } of v.methods) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(explains).not.toBe('');
      expect(source.title).not.toBe('');
      if (source.url !== undefined) {
        expect(source.cited).toMatch(/\b(19|20)\d\d\b/);
        expect(new URL(source.url).protocol).toBe('https:');
      }
      for (const schema of Object.values(options(v.unknownSizes))) {
        expect(getDescription(schema)).toMatch(/^[a-z].*[^.]$/);
      }
    }
  });

  test('a method is what it was defined as, and positive if nothing else is said', () => {
    const { source } = v.rollout;
    const described = { name: 'first', explains: 'itself', source, of: 'pass' } as const;
    const map = ({ layers }: v.Pass): v.Tensor => layers[0].attention;
    const first = v.define({ ...described, options: () => ({}), map });
    expect(first).toMatchObject(described);
    expect('preprocessing' in first).toBe(false);
    const attentions = layersOf('a');
    expect(first.map(passOf(attentions, oblong))).toBe(attentions[0]);
    expect(first.shows()).toBe('positive');
    const signed = v.define({
      ...{ ...described, options: () => ({}), map },
      preprocessing: (own) => ({ ...own, size: 7 }),
      shows: () => 'signed',
    });
    expect(signed.shows()).toBe('signed');
    expect(signed.preprocessing?.(v.imagenetPreprocessing)).toEqual({ ...v.imagenetPreprocessing, size: 7 });
  });

  test('what shows evidence against a class too says so', () => {
    const signed = v.gradientRolloutVariants.filter(
      (variant) => v.gradientRollout.shows({ variant }) === 'signed',
    );
    expect(signed).toEqual(['signed']);
    expect(v.methods.filter((method) => method.shows() === 'signed').map(({ name }) => name)).toEqual([
      'attcat',
      'fullgrad',
      'fullgrad-plus',
      'handoff',
      'input-gradient',
      'integrated-gradients',
      'ixg',
      'recommended',
      'skipplus',
      'space-and-channels',
    ]);
  });

  test('libra-NAME is a method of a class under those rules; signed and chefer are names of others', () => {
    for (const method of v.methods) {
      const takes = method.of === 'class' && method.rules === undefined;
      if (takes) expect(v.findMethod(`libra-${method.name}`)).toMatchObject({ name: `libra-${method.name}` });
      else expect(() => v.findMethod(`libra-${method.name}`)).toThrow(/There is no method "libra-/);
    }
    expect(v.findMethod('chefer')).toBe(v.cheferIccv21);
    const signed = v.findMethod('libra-signed');
    expect(signed.name).toBe('libra-signed');
    expect(signed.shows()).toBe('signed');
    expect(Object.keys(signed.options(v.unknownSizes))).toEqual(['headFusion', 'discardRatio', 'layers']);
    expect(signed.parse({}, sizes)).toEqual({ layers: [0, 11] });
    expect(() => v.findMethod('libra-libra-attcat')).toThrow(/There is no method/);
  });

  test('all stands for single maps of one run under both rules, views for the others, and each name counts once', () => {
    const names = v.findMethods('all, rollout').map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['rollout', 'recommended', 'attcat', 'libra-attcat']));
    expect(names.some((name) => name.startsWith('vit-explain'))).toBe(false);
    expect(v.findMethods('rollout,legrad,rollout')).toEqual([v.rollout, v.legrad]);
    const views = v.findMethods('views');
    expect(views).toEqual(v.methods.filter(v.isView));
    expect(views).toEqual(expect.arrayContaining([v.attention, v.logitLens, v.queryKey]));
    expect(views.filter(({ name }) => names.includes(name))).toEqual([]);
  });

  test('the methods of the script vit-explain see what it sees, at the size that the model takes', () => {
    const own = v.scenesPreprocessing(32);
    const seen = v.methods.map(({ name, preprocessing }) => [name, preprocessing?.(own)]);
    expect(seen.filter(([, way]) => way !== undefined)).toEqual([
      ['vit-explain-gradient-rollout', { ...v.vitExplainPreprocessing, size: 32 }],
      ['vit-explain-rollout', { ...v.vitExplainPreprocessing, size: 32 }],
    ]);
  });

  test('nothing is built where nothing is dropped', () => {
    const matrix = v.input('matrix', [1, tokens, tokens]);
    expect(discard(matrix, 0, 2)).toBe(matrix);
    expect(discard(matrix, 0.02, 2)).toBe(matrix); // of 48 less than one
  });

  test('options that do not matter are left out, and defaults filled in', () => {
    const parsed = (variant: string): unknown => v.gradientRollout.parse({ variant }, sizes);
    expect(parsed('signed')).toEqual({ variant: 'signed', layers: [0, 11] });
    expect(parsed('grad-times-fused')).toEqual({
      variant: 'grad-times-fused',
      headFusion: 'mean',
      discardRatio: 0,
      layers: [0, 11],
    });
  });

  test('a name that is not on it is answered with those that are', () => {
    const names = v.methods.map(({ name }) => name);
    expect(names).toEqual(names.toSorted());
    expect(() => v.findMethod('lime')).toThrow(
      new v.UsageError(
        `There is no method "lime"; choose one of: ${names.join(', ')}; or libra-NAME or smooth-NAME for most of these, under other rules or over noisy copies.`,
      ),
    );
    for (const name of names) expect(v.findMethod(name).name).toBe(name);
    expect(v.defaultMethods).toEqual([v.rollout, v.recommended]);
  });
});

/**
 * Maps of all methods with every name that an option of theirs takes, by method and names.
 * @param given further options, for those that have them
 */
function mapsOf(
  methods: readonly v.AnyMethod[],
  pass: v.Explained,
  given: Readonly<Record<string, unknown>> = {},
): Record<string, v.Tensor> {
  const maps: Record<string, v.Tensor> = {};
  for (const method of methods) {
    const schemas = method.options({ ...sizes, depth: pass.layers.length });
    const own = Object.fromEntries(Object.entries(given).filter(([name]) => name in schemas));
    let settings: Record<string, unknown>[] = [own];
    for (const [name, schema] of Object.entries(schemas)) {
      const { wrapped } = schema as { wrapped?: { options?: readonly string[] } };
      if (wrapped?.options === undefined) continue;
      settings = settings.flatMap((setting) =>
        wrapped.options!.map((value) => ({ ...setting, [name]: value })),
      );
    }
    for (const setting of settings) {
      const names = Object.values(setting).filter((value) => typeof value === 'string');
      maps[[method.name, ...names].join(' ')] = method.map(pass, setting);
    }
  }
  return maps;
}
