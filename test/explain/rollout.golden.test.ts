import { test } from '@jest/globals';
import { join } from 'node:path';
import { forwardPass, headFusions, rollout } from '../../src/explain/index.js';
import { compile, input, type Backend, type Tensor, type Values } from '../../src/index.js';
import { backendNames, useBackends } from '../support/backends.js';
import { difference, expectClose } from '../support/compare.js';
import { goldenRuns } from '../support/methods-golden.js';
import { deitTiny } from '../support/models.js';
import { describeWithReference } from '../support/reference.js';
import { readSafetensors } from '../support/safetensors.js';

const ratios = [0, 0.5, 0.9];
const maps = headFusions.flatMap((fusion) => ratios.map((ratio) => `rollout.${fusion}.discard${ratio}`));

describeWithReference('DeiT-tiny against PyTorch in float64', (folder) => {
  const backends = useBackends();

  const taken = backendNames.map((name) => {
    const images = [...new Set(goldenRuns(name).map(([image]) => image))];
    return [name, images.length, images] as const;
  });

  test.each(taken)(
    'logits, attention and every rollout on %s, of %d of 6 photographs',
    async (name, _, images) => {
      const program = await compileEverything(folder, backends[name]);
      for (const image of images) {
        const golden = readSafetensors(join(folder, 'golden', `${image}.safetensors`));
        const result = await program.run({ image: golden('input').values as Float32Array });
        expectClose(result['logits'], golden('logits').values, { absolute: 2e-5 });
        for (const map of maps) {
          const expected = golden(map).values as Float32Array;
          const error = difference(result[map], expected).absolute / Math.max(...expected);
          if (!(error <= 1e-4)) throw new Error(`${map} of ${image} is off by ${error} of its maximum`);
        }
        if (image === 'dogbird' || image === 'both') {
          const attention = golden('attention').values as Float32Array; // [layers, heads, tokens, tokens]
          const size = 3 * 197 * 197;
          for (let layer = 0; layer < 12; layer++) {
            const expected = attention.subarray(layer * size, (layer + 1) * size);
            expectClose(result[`attention.${layer}`], expected, { absolute: 8e-5 });
          }
        }
      }
      program.dispose();
    },
  );
});

/** One program with the logits, all attentions and a map for every fusion and ratio as its outputs. */
function compileEverything(
  folder: string,
  backend: Backend,
): Promise<{ run(inputs: Record<string, Values>): Promise<Record<string, Values>>; dispose(): void }> {
  const model = deitTiny(folder);
  const pass = forwardPass(model, input('image', [1, 3, 224, 224]));
  const outputs: Record<string, Tensor> = { logits: pass.logits };
  for (const [layer, { attention }] of pass.layers.entries()) outputs[`attention.${layer}`] = attention;
  for (const headFusion of headFusions) {
    for (const discardRatio of ratios) {
      outputs[`rollout.${headFusion}.discard${discardRatio}`] = rollout.map(pass, {
        headFusion,
        discardRatio,
      });
    }
  }
  return compile(outputs, backend);
}
