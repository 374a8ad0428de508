import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { initialize, schemes, type SchemeName } from '../../src/train/index.js';
import { haveSameBits } from '../support/compare.js';

const config = { imageSize: 24, patchSize: 8, channels: 3, width: 48, depth: 1, heads: 2, hidden: 96 };
const whole = { ...config, classes: 40, layerNormEpsilon: 1e-6, registers: 2, layerScale: true };

const poolConfig = { heads: 2, hidden: 4, mlp: 'gelu', bias: true, norm: 'layer', epsilon: 1e-6 } as const;

function valuesOf(scheme: SchemeName, changes: Partial<v.VisionTransformerConfig> = {}, seed = 3) {
  const model = new v.VisionTransformer({ ...whole, ...changes });
  initialize(model, { scheme, seed });
  return new Map([...model.namedParameters()].map(([name, { storage }]) => [name, storage.values!]));
}

// Constants of the module: inside jest every look-up of a global is slow.
const { abs, exp, max, min, sqrt, PI } = Math;

/** How likely a number is to be smaller. */
type Distribution = (x: number) => number;

/** By the series of the error function, term by term. */
function normalBelow(x: number): number {
  if (abs(x) > 8) return x > 0 ? 1 : 0;
  let [sum, term] = [0, x];
  for (let n = 0; n < 20 + 2 * x * x; n++) {
    sum += term / (2 * n + 1);
    term *= -(x * x) / 2 / (n + 1);
  }
  return 0.5 + sum / sqrt(2 * PI);
}

const normal =
  (deviation: number): Distribution =>
  (x) =>
    normalBelow(x / deviation);
const uniform =
  (limit: number): Distribution =>
  (x) =>
    min(1, max(0, (x + limit) / (2 * limit)));
/** Cut off at 2 deviations, and widened to have the given one, which the integral of x^2 over the density tells. */
function truncated(deviation: number): Distribution {
  const mass = normalBelow(2) - normalBelow(-2);
  let variance = 0;
  const steps = 20_000;
  for (let i = 0; i < steps; i++) {
    const x = -2 + (4 * (i + 0.5)) / steps;
    variance += ((x * x * exp(-(x * x) / 2)) / sqrt(2 * PI) / mass) * (4 / steps);
  }
  const scale = deviation / sqrt(variance);
  return (x) => min(1, max(0, (normalBelow(x / scale) - normalBelow(-2)) / mass));
}

/** The largest distance between what was drawn and what should have been, in units of 1 / sqrt(count). */
function distance(values: Float32Array | Float64Array, below: Distribution): number {
  const sorted = Float64Array.from(values.subarray(0, 2000)).sort();
  let largest = 0;
  sorted.forEach((x, i) => {
    const expected = below(x);
    largest = max(largest, abs(expected - i / sorted.length), abs(expected - (i + 1) / sorted.length));
  });
  return largest * sqrt(sorted.length);
}

/** Kolmogorov and Smirnov: one in a thousand lies farther off. */
const FARTHEST = 1.95;

const qkv = 'blocks.0.attn.qkv.weight';
const fc1 = 'blocks.0.mlp.fc1.weight';
const patches = 'patch_embed.proj.weight';
const pixels = 3 * 8 * 8;

describe('initialize', () => {
  test.each<[SchemeName, string, Distribution]>([
    ['timm', qkv, normal(0.02)],
    ['timm', 'head.weight', normal(0.02)],
    ['timm', patches, uniform(1 / sqrt(pixels))],
    ['timm', 'patch_embed.proj.bias', uniform(1 / sqrt(pixels))],
    ['timm', 'pos_embed', normal(0.02)],
    ['timm', 'cls_token', normal(1e-6)],
    ['timm', 'reg_token', normal(1e-6)],
    ['jax', fc1, uniform(sqrt(6 / (48 + 96)))],
    ['jax', 'blocks.0.mlp.fc1.bias', normal(1e-6)],
    ['jax', patches, truncated(sqrt(1 / pixels))],
    ['moco', qkv, uniform(sqrt(6 / (48 + 48)))],
    ['moco', fc1, uniform(sqrt(6 / (48 + 96)))],
    ['torch', fc1, uniform(1 / sqrt(48))],
    ['torch', 'blocks.0.mlp.fc2.bias', uniform(1 / sqrt(96))],
    ['xavier', qkv, uniform(sqrt(6 / (48 + 144)))],
    ['xavier', 'head.weight', uniform(sqrt(6 / (48 + 40)))],
    ['kaiming', fc1, normal(sqrt(2 / 48))],
    ['mimetic', fc1, uniform(sqrt(6 / (48 + 96)))],
  ])('draws as %s has it for %s', (scheme, name, below) => {
    const values = valuesOf(scheme).get(name)!;
    expect(distance(values, below)).toBeLessThan(FARTHEST);
    // A test that would take anything is none.
    expect(distance(values, (x) => below(x / 1.3))).toBeGreaterThan(values.length > 500 ? FARTHEST : 0);
  });

  test('draws the query of a pooling by attention by its width', () => {
    const pool = new v.AttentionPool({ ...poolConfig, width: 100 });
    initialize(pool);
    expect(distance(pool.latent.storage.values!, truncated(1 / 10))).toBeLessThan(FARTHEST);
  });

  test.each<[SchemeName, string, number]>([
    ['timm', 'blocks.0.attn.qkv.bias', 0],
    ['timm', 'head.bias', 0],
    ['moco', 'blocks.0.mlp.fc1.bias', 0],
    ['jax', 'head.weight', 0],
    ['jax', 'patch_embed.proj.bias', 0],
    ['jax', 'blocks.0.attn.proj.bias', 0],
    ['torch', 'blocks.0.norm1.bias', 0],
    ['kaiming', 'blocks.0.norm2.weight', 1],
    ['xavier', 'blocks.0.ls1.gamma', 1e-5],
    ['zeros', 'norm.weight', 1],
    ['zeros', qkv, 0],
    ['zeros', 'pos_embed', 0],
    ['mimetic', 'head.weight', 0],
  ])('%s has %s begin with %d', (scheme, name, value) => {
    expect(new Set(valuesOf(scheme).get(name))).toEqual(new Set([Math.fround(value)]));
  });

  test.each(Object.keys(schemes) as SchemeName[])('%s fills every model with finite numbers', (scheme) => {
    const other = { norm: 'rms', qkvBias: 'query-value', mlp: 'swiglu-split', queryKeyNorm: true } as const;
    for (const values of [...valuesOf(scheme, other).values()]) {
      expect(values.every(Number.isFinite)).toBe(true);
    }
  });

  test('takes any module', () => {
    const layer = new v.Linear(400, 100);
    initialize(layer);
    expect(distance(layer.weight.storage.values!, normal(0.02))).toBeLessThan(FARTHEST);
    initialize(layer, { scheme: 'torch' });
    expect(distance((layer.bias as v.Parameter).storage.values!, uniform(1 / 20))).toBeLessThan(FARTHEST);
    const norm = new v.LayerNorm(5, 1e-6);
    initialize(norm, { scheme: 'torch' });
    expect([...norm.weight.storage.values!, ...norm.bias.storage.values!]).toEqual([
      1, 1, 1, 1, 1, 0, 0, 0, 0, 0,
    ]);
  });

  test('is the same for the same seed, and another for another', () => {
    const [one, same, other] = [3, 3, 4].map((seed) => valuesOf('timm', {}, seed));
    for (const [name, values] of one) expect(haveSameBits(values, same.get(name)!)).toBe(true);
    expect(haveSameBits(one.get(qkv)!, other.get(qkv)!)).toBe(false);
  });

  test('has keys equal to queries, and positions as waves, as trained models have', () => {
    const values = valuesOf('mimetic');
    const joint = values.get(qkv)!;
    expect(joint.slice(48 * 48, 2 * 48 * 48)).toEqual(joint.slice(0, 48 * 48));
    // The class token and the registers have no place; the first wave of the second column is sin 1.
    const positions = values.get('pos_embed')!;
    expect(positions.slice(0, 3 * 48).every((value) => value === 0)).toBe(true);
    expect(positions[4 * 48]).toBeCloseTo(Math.sin(1), 6);
  });

  test.each([
    [
      () => {
        initialize({} as never);
      },
      'initialize: the module is an object; expected a module, such as a VisionTransformer.',
    ],
    [
      () => {
        initialize(new v.Linear(1, 1), { scheme: 'he' as never });
      },
      /^initialize: options: scheme is "he"; expected one of: timm, jax, /,
    ],
    [
      () => {
        initialize(new v.Linear(1, 1), { seed: -1 });
      },
      /seed is -1; expected a whole number of at least 0\.$/,
    ],
    [
      () => {
        initialize(new v.Linear(1, 1), { sed: 1 } as never);
      },
      /there is no option "sed"/,
    ],
  ])('refuses what it is not for', (call, message) => {
    expect(call).toThrow(v.UsageError);
    expect(call).toThrow(message);
  });
});
