import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import type { NativeBackend } from '../../src/index.js';
import { openNative } from '../../src/node/devices/native.js';
import { haveSameBits } from '../support/compare.js';
import { generator, randomValues, seed } from '../support/random.js';

const random = generator();
const all: readonly v.Fusion[] = ['scale', 'gelu', 'residual', 'softmax', 'strides', 'made'];
const inRounds: ReadonlySet<v.Fusion> = new Set([...all, 'rounds']);

const weight = v.constant(randomValues(64 * 64, random), [64, 64]);
const vector = v.constant(randomValues(64, random), [64]);
const images = (count = 6, rows = 130): v.Tensor => v.input('x', [count, rows, 64]);
/** With inputs that are the same for both outputs. */
const both = (one: (x: v.Tensor) => v.Tensor, other: (x: v.Tensor) => v.Tensor, x = images()) => ({
  y: one(x),
  z: other(x),
});

/** Attention over each image's rows, and what a class would be told by. */
function block(x: v.Tensor): { out: v.Tensor; attention: v.Tensor } {
  const [count, rows, width] = x.shape;
  const heads = (y: v.Tensor): v.Tensor =>
    v.permute(v.reshape(v.matmul(y, weight), [count, rows, 4, width / 4]), [0, 2, 1, 3]);
  const normed = v.layerNorm(x, vector, vector, 1e-6);
  const attention = v.softmax(v.multiply(v.matmul(heads(normed), v.transpose(heads(x))), 0.25));
  const mixed = v.reshape(v.permute(v.matmul(attention, heads(normed)), [0, 2, 1, 3]), x.shape);
  return { out: v.add(x, v.gelu(v.matmul(mixed, weight, vector))), attention };
}

/** With a token of its own before each image's rows, and positions. */
function withToken(x: v.Tensor): v.Tensor {
  const [count, rows, width] = x.shape;
  const token = v.expand(v.reshape(vector, [1, 1, width]), [count, 1, width]);
  const positions = v.constant(randomValues((rows + 1) * width, generator(3)), [1, rows + 1, width]);
  return v.add(v.concat([token, x], 1), positions);
}

describe(`a batch image by image (seed ${seed})`, () => {
  const apart: [string, () => Record<string, v.Tensor>][] = [
    ['a block with its attention', () => ({ ...block(withToken(images())) })],
    [
      'gradients of attention',
      () => {
        const { out, attention } = block(withToken(images()));
        const target = v.sum(v.multiply(v.select(out, 1, 0), v.input('target', [6, 64])));
        return { gradient: v.gradient(target, [attention])[0], attention };
      },
    ],
    [
      'rows of a matrix',
      () => ({ y: v.reshape(v.softmax(v.matmul(v.reshape(images(), [780, 64]), weight)), [6, 130, 64]) }),
    ],
    [
      'the smallest of each image discarded',
      () => ({ y: v.largestMask(v.slice(v.reshape(images(), [6, 8320]), 1, 7, 8300), 4000) }),
    ],
    ['means over what is not the batch', () => both(v.relu, (x) => v.mean(x, { axes: [1] }))],
  ];
  const together: [string, () => Record<string, v.Tensor>][] = [
    [
      'a mean over the batch',
      () => both(v.relu, (x) => v.expand(v.mean(x, { axes: 0, keepDims: true }), x.shape)),
    ],
    [
      'images turned around',
      () => ({ y: v.permute(images(6, 6), [1, 0, 2]), z: v.relu(v.input('z', [6, 9000])) }),
    ],
    ['some of the images', () => ({ y: v.expand(v.slice(images(), 0, 0, 1), [6, 130, 64]) })],
    ['images beside each other', () => both(v.relu, (x) => v.concat([x, x], 0), images(3))],
    ['one image', () => ({ ...block(images(1)) })],
    [
      'an output that no input decides',
      () => ({ y: v.relu(images()), z: v.constant([1, 2, 3, 4, 5, 6], [6]) }),
    ],
    [
      'images of an own constant each',
      () => ({ y: v.add(images(), v.constant(randomValues(6 * 130 * 64, random), [6, 130, 64])) }),
    ],
    ['products of all with all', () => ({ y: v.matmul(v.input('x', [96, 96]), v.input('z', [96, 96])) })],
    ['little work', () => ({ ...block(images(6, 3)) })],
  ];

  test.each(apart)('is planned so: %s', (_, make) => {
    const plan = v.planInRounds(make(), new Map(), inRounds);
    expect(plan.rounds).toBe(6);
    const whole = v.buildPlan(make(), undefined, new Set(all));
    expect(whole.rounds).toBeUndefined();
    const shapes = ({ inputs, outputs }: v.Plan) => ({
      inputs: Object.fromEntries(inputs.map(({ name, shape }) => [name, shape])),
      outputs: Object.fromEntries(outputs.map(({ name, shape }) => [name, shape])),
    });
    expect(shapes(plan)).toEqual(shapes(whole));
    expect(v.multiplyAdds(plan)).toBe(v.multiplyAdds(whole));
  });

  test.each(together)('is not, where it cannot be or does not pay: %s', (_, make) => {
    expect(v.planInRounds(make(), new Map(), inRounds).rounds).toBeUndefined();
  });

  test('is not, where constants change', () => {
    const x = images();
    const updates = new Map([[vector, v.mean(x, { axes: [0, 1] })]]);
    expect(v.planInRounds({ y: v.relu(x) }, updates, inRounds).rounds).toBeUndefined();
  });

  describe.each([1, 2, 3, 4, 5])('on %d threads', (threads) => {
    test.each(apart)('gives the bits that the batch has as a whole, run after run: %s', async (_, make) => {
      const backends = [openNative(threads), openNative(8)];
      expect(backends.map(({ fusions }) => fusions.has('rounds'))).toEqual([threads <= 4, false]);
      try {
        const programs = await Promise.all(backends.map((backend) => v.compile(make(), backend)));
        for (let run = 0; run < 3; run++) {
          const given = Object.fromEntries(
            programs[1].plan.inputs.map(({ name, shape }) => [name, randomValues(v.sizeOf(shape), random)]),
          );
          const [found, expected] = await Promise.all(programs.map((program) => program.run(given)));
          for (const [name, values] of Object.entries(expected)) {
            expect(haveSameBits(found[name] as Float32Array, values as Float32Array)).toBe(true);
          }
          const measured = await programs[0].profile(given);
          expect(measured.milliseconds).toHaveLength(programs[0].plan.steps.length);
          for (const [name, values] of Object.entries(expected)) {
            expect(haveSameBits(measured.results[name] as Float32Array, values as Float32Array)).toBe(true);
          }
        }
      } finally {
        for (const backend of backends) backend.destroy();
      }
    });
  });

  test('takes the memory of as many images as there are threads', async () => {
    const held = async (backend: NativeBackend): Promise<number> => {
      const program = await v.compile({ ...block(withToken(images(32))) }, backend);
      const { bytes } = backend.memory();
      program.dispose();
      backend.destroy();
      return bytes;
    };
    expect(await held(openNative(2))).toBeLessThan(0.4 * (await held(openNative(8))));
  });
});
