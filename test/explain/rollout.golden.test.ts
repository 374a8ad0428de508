import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import { forwardPass, headFusions, rollout } from '../../src/explain/index.js';
import { compile, input, type Backend, type Tensor, type Values } from '../../src/index.js';
import { backendNames, useBackends } from '../support/backends.js';
import { difference, expectClose } from '../support/compare.js';
import { goldenRuns } from '../support/methods-golden.js';
import { deitTiny } from '../support/models.js';
import { passOf } from '../support/passes.js';
import { describeWithReference } from '../support/reference.js';
import { readSafetensors } from '../support/safetensors.js';

const ratios = [0, 0.5, 0.9];
const choices: ReadonlyMap<string, readonly [(typeof headFusions)[number], number]> = new Map(
  headFusions.flatMap((fusion) =>
    ratios.map((ratio) => [`rollout.${fusion}.discard${ratio}`, [fusion, ratio]] as const),
  ),
);
const maps = [...choices.keys()];

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
      // Rounding may put two entries that are all but equal on the other sides of the threshold.
      const flips: string[] = [];
      for (const image of images) {
        const golden = readSafetensors(join(folder, 'golden', `${image}.safetensors`));
        const result = await program.run({ image: golden('input').values as Float32Array });
        expectClose(result['logits'], golden('logits').values, { absolute: 2e-5 });
        for (const map of maps) {
          const expected = golden(map).values as Float32Array;
          if (areOfOne(result[map], expected, 1e-4)) continue;
          if (map.endsWith('discard0')) throw new Error(`${map} of ${image} is not the golden one`);
          flips.push(`${map} of ${image}`);
          const own = await rolloutOf(result, map, backends.reference);
          if (!areOfOne(result[map], own, 1e-5))
            throw new Error(`${map} of ${image} is not of its attention`);
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
      expect(flips.length).toBeLessThanOrEqual((images.length * maps.length) / 18);
      program.dispose();
    },
  );
});

/** Whether two maps are the same within a share of the largest value. */
function areOfOne(map: Values, expected: Values, share: number): boolean {
  return difference(map, expected).absolute <= share * Math.max(...expected);
}

/** A map in float64 of the attentions that a run handed back. */
async function rolloutOf(result: Record<string, Values>, map: string, backend: Backend): Promise<Values> {
  const [headFusion, discardRatio] = choices.get(map)!;
  const names = Array.from({ length: 12 }, (_, layer) => `attention.${layer}`);
  const layers = names.map((name) => input(name, [1, 3, 197, 197]));
  const pass = passOf(layers, { prefixTokens: 1, grid: [14, 14], queryTokens: [0] });
  const program = await compile({ map: rollout.map(pass, { headFusion, discardRatio }) }, backend);
  const found = await program.run(Object.fromEntries(names.map((name) => [name, result[name]])));
  program.dispose();
  return found.map;
}

/** One program with the logits, all attentions and a map for every fusion and ratio as its outputs. */
function compileEverything(
  folder: string,
  backend: Backend,
): Promise<{ run(inputs: Record<string, Values>): Promise<Record<string, Values>>; dispose(): void }> {
  const model = deitTiny(folder);
  const pass = forwardPass(model, input('image', [1, 3, 224, 224]));
  const outputs: Record<string, Tensor> = { logits: pass.logits };
  for (const [layer, { attention }] of pass.layers.entries()) outputs[`attention.${layer}`] = attention;
  for (const [map, [headFusion, discardRatio]] of choices)
    outputs[map] = rollout.map(pass, { headFusion, discardRatio });
  return compile(outputs, backend);
}
