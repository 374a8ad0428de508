import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import * as v from '../../src/index.js';
import { backendNames, useBackends, type BackendName } from '../support/backends.js';
import { difference, expectClose } from '../support/compare.js';
import { goldenRuns } from '../support/methods-golden.js';
import { deitTiny } from '../support/models.js';
import { describeWithReference } from '../support/reference.js';
import { readSafetensors } from '../support/safetensors.js';

/** Pictures and classes for which the golden files hold attention and input gradients in full. */
const inFull: ReadonlyMap<string, number> = new Map([
  ['dogbird', 87],
  ['both', 243],
]);

/** Forward and backward of DeiT-tiny, the explained class given at each run as a one-hot seed. */
function deitPass(folder: string): v.Explained {
  const pass = v.forwardPass(deitTiny(folder), v.input('image', [1, 3, 224, 224]));
  return v.explained(pass, v.input('seed', [1, 1000]));
}

/** Every map of the golden files that depends on a class, under their names. */
function maps(pass: v.Explained): Record<string, v.Tensor> {
  const result: Record<string, v.Tensor> = {
    'gradrollout.signed': v.gradientRollout.map(pass, { variant: 'signed' }),
    chefer_iccv21: v.cheferIccv21.map(pass),
    attn_gradcam: v.attentionGradcam.map(pass),
  };
  for (const discardRatio of [0, 0.9]) {
    const end = `discard${discardRatio}`;
    for (const variant of ['relu-of-mean', 'mean-of-relu'] as const) {
      result[`gradrollout.${variant.replaceAll('-', '_')}.${end}`] = v.gradientRollout.map(pass, {
        variant,
        discardRatio,
      });
    }
    for (const headFusion of v.headFusions) {
      result[`gradrollout.grad_times_fused.${headFusion}.${end}`] = v.gradientRollout.map(pass, {
        variant: 'grad-times-fused',
        headFusion,
        discardRatio,
      });
    }
  }
  return result;
}

function oneHot(index: number): Float32Array {
  const seed = new Float32Array(1000);
  seed[index] = 1;
  return seed;
}

/** Largest difference, as a share of the expected map's largest magnitude; of a map of zeros, the difference itself. */
function shareOfMaximum(actual: ArrayLike<number>, expected: Float32Array): number {
  return difference(actual, expected).absolute / (Math.max(...expected.map(Math.abs)) || 1);
}

/** What a backend is held against, for a test's title. */
const taken = backendNames.map((name) => [name, goldenRuns(name).length] as const);

/** Eleven forward and backward passes of the real model, if all are taken; on a software adapter each takes many seconds. */
const PATIENCE = 1_200_000;

describeWithReference('gradients of DeiT-tiny against PyTorch in float64', (folder) => {
  const backends = useBackends();

  test.each(taken)(
    'attention gradients, input gradients and every map on %s, of %d of 11 explanations',
    async (name) => {
      const pass = deitPass(folder);
      const attentions = pass.layers.map(({ attention }) => attention);
      const [inputGradient, ...gradients] = pass.gradient([pass.image, ...attentions]);
      const wanted = maps(pass);
      const outputs: Record<string, v.Tensor> = {
        ...wanted,
        input: inputGradient,
        ...Object.fromEntries(gradients.map((gradient, layer) => [`attention.${layer}`, gradient])),
      };
      const program = await v.compile(outputs, backends[name]);
      const off: string[] = [];
      for (const [image, index] of goldenRuns(name)) {
        const golden = readSafetensors(join(folder, 'golden', `${image}.safetensors`));
        const pixels = golden('input').values as Float32Array;
        const result = await program.run({ image: pixels, seed: oneHot(index) });
        for (const map of Object.keys(wanted)) {
          const error = shareOfMaximum(result[map], golden(`${map}.${index}`).values as Float32Array);
          if (!(error <= 5e-4)) off.push(`${map} of ${image} for ${index}: ${error}`);
        }
        if (inFull.get(image) === index) {
          const attention = gradients.flatMap((_, layer) => Array.from(result[`attention.${layer}`]));
          expectClose(attention, golden(`attention_grad.${index}`).values, { relative: 6e-5 });
          expectClose(result['input'], golden(`input_grad.${index}`).values, { relative: 1e-4 });
        }
      }
      expect(off).toEqual([]);
      program.dispose();
    },
    PATIENCE,
  );

  /** Of those, the ones that vit-explain's golden files hold. */
  const held = (name: BackendName): ReturnType<typeof goldenRuns> =>
    goldenRuns(name).filter(
      ([image, index]) => ['dogbird', 'both'].includes(image) || (image === 'plane2' && index === 404),
    );

  test.each(backendNames.map((name) => [name, held(name).length] as const))(
    'the maps of vit-explain itself on %s, of %d of 5 explanations',
    async (name) => {
      const pass = deitPass(folder);
      const outputs: Record<string, v.Tensor> = {};
      for (const discardRatio of [0, 0.9]) {
        outputs[`gradrollout.discard${discardRatio}`] = v.vitExplainGradientRollout.map(pass, {
          discardRatio,
        });
      }
      for (const headFusion of v.headFusions) {
        for (const discardRatio of [0, 0.5, 0.9]) {
          outputs[`rollout.${headFusion}.discard${discardRatio}`] = v.vitExplainRollout.map(pass, {
            headFusion,
            discardRatio,
          });
        }
      }
      const program = await v.compile(outputs, backends[name]);
      const off: string[] = [];
      for (const [image, index] of held(name)) {
        const golden = readSafetensors(join(folder, 'golden', `vit-explain.${image}.safetensors`));
        const pixels = golden('input').values as Float32Array;
        const result = await program.run({ image: pixels, seed: oneHot(index) });
        for (const map of Object.keys(outputs)) {
          const key = map.startsWith('gradrollout') ? `${map}.${index}` : map;
          const error = shareOfMaximum(result[map], golden(key).values as Float32Array);
          if (!(error <= 1e-3)) off.push(`${key} of ${image}: ${error}`);
        }
      }
      expect(off).toEqual([]);
      program.dispose();
    },
    PATIENCE,
  );
});
