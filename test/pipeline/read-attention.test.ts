import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { microConfig } from '../../src/models/micro.js';
import { backendNames, useBackends } from '../support/backends.js';
import { expectClose } from '../support/compare.js';
import { microModel } from '../support/models.js';
import { generator, randomValues, seed } from '../support/random.js';

describe(`attention that is read (seed ${seed})`, () => {
  const backends = useBackends();
  // Of the golden model's weights, in more heads than there are ways of fusing them.
  const model = new v.VisionTransformer({ ...microConfig, heads: 4 });
  const { golden } = microModel();
  for (const [name, parameter] of model.namedParameters())
    parameter.assign(golden(`init.${name}`).values as Float32Array);
  const subject = { model, preprocessing: v.scenesPreprocessing(32) };
  const { depth, heads } = v.sizesOf(model.config);
  const tokens = v.tokenCount(model.geometry);
  const random = generator();
  const [picture, other] = [0, 1].map((): v.Picture => {
    return { width: 40, height: 36, data: Uint8Array.from(randomValues(3 * 40 * 36, random, 0, 256)) };
  });
  const ready = v.preprocess(picture, subject.preprocessing);
  const methods = v.chooseMethods([v.rollout], {}, model.config);
  const area = tokens ** 2;

  /** What the room for so many numbers makes of the form. */
  const roomFor: Readonly<Record<v.AttentionForm, number>> = {
    heads: depth * heads * area,
    fusions: depth * heads * area - 1,
    mean: depth * area,
    query: depth * area - 1,
  };
  const fitting = Object.entries(roomFor) as [v.AttentionForm, number][];

  test.each(backendNames.flatMap((name) => fitting.map(([form, room]) => ({ name, form, room }))))(
    'on $name: $form, where there is room for $room',
    async ({ name, form, room }) => {
      const backend = backends[name];
      const tensors = await v.LayerTensors.create(subject, backend, ['attention']);
      const attention = (await tensors.run(ready, [])).map(({ values }) => values);
      tensors.dispose();
      const explainer = await v.Explainer.create(subject, backend, { methods, attention: room, batch: 2 });
      const pictures = [other, picture].map((each) => explainer.makeReady(each));
      const [, found] = await explainer.explain(pictures, [[], []]);
      explainer.dispose();
      const read = found.attention!;
      expect(read).toMatchObject({ form, ...model.geometry, geometry: ready.geometry });
      expect(read.layers).toHaveLength(depth);
      expect(read.query).toHaveLength(tokens);
      for (const [layer, values] of read.layers.entries()) {
        const each = Array.from({ length: heads }, (_, head) =>
          attention[layer].slice(head * area, (head + 1) * area),
        );
        const fused = (fuse: (values: readonly number[]) => number): number[] =>
          Array.from({ length: area }, (_, i) => fuse(each.map((head) => head[i])));
        const mean = fused((all) => all.reduce((a, b) => a + b) / heads);
        const wanted = {
          heads: () => each.flatMap((head) => [...head]),
          fusions: () => [...mean, ...fused((all) => Math.max(...all)), ...fused((all) => Math.min(...all))],
          mean: () => mean,
          query: () =>
            each.flatMap((head) =>
              Array.from({ length: tokens }, (_, token) =>
                Array.from(read.query).reduce(
                  (sum, weight, row) => sum + weight * head[row * tokens + token],
                  0,
                ),
              ),
            ),
        };
        expectClose(values, Float64Array.from(wanted[form]()), { absolute: 1e-6 });
      }
    },
  );

  test('there must be room for something', async () => {
    await expect(
      v.Explainer.create(subject, new v.ReferenceBackend(), { methods, attention: 0 }),
    ).rejects.toThrow('the most numbers of attention is 0; expected a whole number of at least 1.');
  });
});
