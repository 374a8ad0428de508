import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as v from '../../src/index.js';
import { backendNames, evaluate, useBackends, oneBackend, type BackendName } from '../support/backends.js';
import { difference } from '../support/compare.js';
import { isFull } from '../support/methods-golden.js';
import { generator, randomValues, seed } from '../support/random.js';
import { referenceFolder } from '../support/reference.js';
import { zooFixtures, zooModel } from '../support/zoo.js';

/*
 * What a model gives without a part of it, held against a model that really lacks the part: whose weights are 0, or whose picture
 * was painted over.
 */
const full = referenceFolder === undefined ? undefined : join(referenceFolder, 'zoo', 'models');
const folder = full !== undefined && existsSync(full) ? full : zooFixtures;
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.golden.safetensors'))
  .map((file) => file.replace('.golden.safetensors', ''));

const backends = useBackends();

/** In float64 it is the same sum in another order; on a device, of the largest number. */
const allowed = (backend: string): number => (backend === 'reference' ? 1e-9 : 5e-5);

function expectSame(found: v.Values, expected: v.Values, backend: string): void {
  const scale = Math.max(1, ...expected.map(Math.abs));
  expect(difference(found, expected).absolute / scale).toBeLessThan(allowed(backend));
}

describe.each(names)(`experiments on %s (seed ${seed})`, (name) => {
  // On webgpu it is the same graph, and its program takes long to make: one model of five.
  const takesAll = isFull || names.indexOf(name) % 5 === 0;
  const held = backendNames.filter((backend) => takesAll || backend !== 'webgpu');
  const { model } = zooModel(folder, name);
  const sizes = v.sizesOf(model.config);
  const { depth, heads, headWidth, grid } = sizes;
  const [patches, width] = [grid[0] * grid[1], heads * headWidth];
  const random = generator();
  const below = (count: number): number => Math.floor(count * random());
  const image = randomValues(v.sizeOf(model.inputShape), random);
  const imageInput = (batch: number): v.Tensor => v.input('image', [batch, ...model.inputShape]);
  const [block, head] = [below(depth), below(heads)];
  const some = [below(patches), below(patches), below(patches)];
  const places = some.map((patch) => `${Math.floor(patch / grid[1])},${patch % grid[1]}`).join(';');

  /** Logits, rollout and LeGrad of the model, each image of a batch without some parts. */
  function ablated(ablations: readonly (v.Ablation | undefined)[], of = model) {
    const batch = ablations.length;
    const { hooks, values } = v.ablationInput('ablation', batch, sizes);
    const graph = v.hooked(of, hooks, () => mapsOf(v.forwardPass(of, imageInput(batch))));
    const images = Float32Array.from({ length: batch * image.length }, (_, i) => image[i % image.length]);
    const inputs = { image: images, ...values(ablations) };
    return { graph, inputs };
  }
  function mapsOf(pass: v.Pass) {
    const [batch, classes] = pass.logits.shape;
    const first = Float32Array.from({ length: batch * classes }, (_, i) => Number(i % classes === 0));
    const why = v.explained(pass, v.constant(first, [batch, classes]));
    return { logits: pass.logits, rollout: v.rollout.map(pass), handoff: v.handoff.map(why) };
  }
  const without = (text: string, by: v.StandIn = 'zero'): v.Ablation => ({
    parts: v.parseParts(text, sizes).parts,
    by,
  });

  /** The same model with some of its numbers set to 0. */
  function zeroed(isZero: (parameter: string, index: number) => boolean): v.VisionTransformer {
    const other = zooModel(folder, name).model;
    for (const [parameter, tensor] of other.namedParameters()) {
      tensor.assign(tensor.storage.values!.map((value, i) => (isZero(parameter, i) ? 0 : value)));
    }
    return other;
  }
  const isOfHead = (index: number): boolean => Math.floor(index / headWidth) === head;

  /** One program of each backend for whatever is taken out of one image, and one of the model on reference. */
  const programs = {} as Record<BackendName, v.Program<'logits' | 'rollout' | 'handoff'>>;
  let plain: v.Program<'logits'>;
  beforeAll(async () => {
    const { graph } = ablated([undefined]);
    for (const backend of held) programs[backend] = await v.compile(graph, backends[backend]);
    plain = await v.compile({ logits: model.call(imageInput(1)) }, backends.reference);
  });
  afterAll(() => {
    for (const program of [...Object.values(programs), plain]) program.dispose();
  });
  const runWithout = (backend: BackendName, ablation?: v.Ablation) =>
    programs[backend].run(ablated([ablation]).inputs);

  test('a model without anything taken out is the model', async () => {
    const expected = await evaluate(mapsOf(v.forwardPass(model, imageInput(1))), backends.reference, {
      image,
    });
    for (const backend of held) {
      const found = await runWithout(backend);
      for (const key of ['logits', 'rollout', 'handoff'] as const)
        expectSame(found[key], expected[key], backend);
    }
  });

  const byHand: [what: string, text: string, isZero: (parameter: string, index: number) => boolean][] = [
    [
      'a head whose values and columns of the projection are 0',
      `blocks.${block}.attn:${head}`,
      (parameter, index) =>
        (parameter === `blocks.${block}.attn.proj.weight` && isOfHead(index % width)) ||
        (model.config.scaleNorm &&
          ((parameter === `blocks.${block}.attn.qkv.weight` && isOfHead(index / width - 2 * width)) ||
            (parameter === `blocks.${block}.attn.qkv.bias` && isOfHead(index - 2 * width)) ||
            (parameter === `blocks.${block}.attn.v_bias` && isOfHead(index)))),
    ],
    [
      'attention whose projection is 0',
      `blocks.${block}.attn`,
      (parameter) => parameter.startsWith(`blocks.${block}.attn.proj.`),
    ],
    [
      'an MLP whose last layer is 0',
      `blocks.${block}.mlp`,
      (parameter) => parameter.startsWith(`blocks.${block}.mlp.fc2.`),
    ],
    ['a block that passes tokens on', `blocks.${block}`, (parameter) => isLast(parameter, block)],
    [
      'no block at all',
      `blocks.0-${depth - 1}`,
      (parameter) => /^blocks.*(attn\.proj\.|mlp\.fc2\.)/.test(parameter),
    ],
  ];

  function isLast(parameter: string, of: number): boolean {
    return parameter.startsWith(`blocks.${of}.`) && /attn\.proj\.|mlp\.fc2\./.test(parameter);
  }

  test.each(byHand)('%s is what is left without it', async (_what, text, isZero) => {
    const { byHand } = await evaluate({ byHand: zeroed(isZero).call(imageInput(1)) }, backends.reference, {
      image,
    });
    for (const backend of held) {
      const { logits } = await runWithout(backend, without(text));
      expectSame(logits, byHand, backend);
    }
  });

  test('a head that is taken out is in no map: rollout is that of the others and the residual', async () => {
    const others = v.constant(
      Float64Array.from({ length: heads }, (_, i) => Number(i !== head)),
      [heads, 1, 1],
    );
    const columns = v.constant(
      Float64Array.from({ length: width }, (_, i) => Number(!isOfHead(i))),
      [width],
    );
    const byHand = v.hooked(
      model,
      new Map([
        [`blocks.${block}.attn.attn_drop`, (_module, _x, attention) => v.multiply(attention, others)],
        [`blocks.${block}.attn.norm`, (_module, _x, mixed) => v.multiply(mixed, columns)],
      ]),
      () => mapsOf(v.forwardPass(model, imageInput(1))),
    );
    const found = await runWithout('reference', without(`blocks.${block}.attn:${head}`));
    const expected = await evaluate(byHand, backends.reference, { image });
    expectSame(found.rollout, expected.rollout, 'reference');
    expectSame(found.handoff, expected.handoff, 'reference');
  });

  test('by the mean: each token gets of a head, of attention and of an MLP what all get on average', async () => {
    const parts = [
      // Behind a norm, the mean of what it makes is not what it makes of the mean.
      ...(model.config.scaleNorm
        ? []
        : [
            [`blocks.${block}.attn:${head}`, `blocks.${block}.attn.norm`],
            [`blocks.${block}.attn`, `blocks.${block}.attn`],
          ]),
      [`blocks.${block}.mlp`, `blocks.${block}.mlp`],
    ];
    for (const [text, module] of parts) {
      const seen = v.record(model, imageInput(1), new RegExp(`^${module.replaceAll('.', '\\.')}$`));
      const whole = seen.recorded.get(module)!;
      const { values } = await evaluate({ values: whole }, backends.reference, { image });
      const [, tokens] = whole.shape;
      const isMean = (column: number): boolean => !text.includes(':') || isOfHead(column);
      const averaged = values.map((value, i) => {
        const column = i % width;
        if (!isMean(column)) return value;
        let sum = 0;
        for (let token = 0; token < tokens; token++) sum += values[token * width + column];
        return sum / tokens;
      });
      const replaced = v.constant(averaged, whole.shape);
      const expected = v.hooked(model, new Map([[module, () => replaced]]), () => model.call(imageInput(1)));
      const { logits } = await runWithout('reference', without(text, 'mean'));
      const { byHand } = await evaluate({ byHand: expected }, backends.reference, { image });
      expectSame(logits, byHand, 'reference');
    }
  });

  /** A picture in which the numbers of some patches are others. */
  function painted(
    of: readonly number[],
    paint: (channel: number, y: number, x: number) => number,
  ): Float32Array {
    const [, height, breadth] = model.inputShape;
    return image.map((value, i) => {
      const [channel, y, x] = [
        Math.floor(i / (height * breadth)),
        Math.floor(i / breadth) % height,
        i % breadth,
      ];
      const patch = Math.floor(y / (height / grid[0])) * grid[1] + Math.floor(x / (breadth / grid[1]));
      return of.includes(patch) ? paint(channel, y, x) : value;
    });
  }

  /** The mean of all patches, at a pixel of any of them. */
  function meanPatch(channel: number, y: number, x: number): number {
    const [, height, breadth] = model.inputShape;
    const [down, across] = [height / grid[0], breadth / grid[1]];
    let sum = 0;
    for (let row = 0; row < grid[0]; row++) {
      for (let column = 0; column < grid[1]; column++) {
        sum += image[(channel * height + row * down + (y % down)) * breadth + column * across + (x % across)];
      }
    }
    return sum / patches;
  }

  test.each([
    ['grey', 'zero', () => 0],
    ['the mean of all patches', 'mean', meanPatch],
  ] as const)('patches that are taken out are patches painted %s', async (_what, by, paint) => {
    const { logits } = await runWithout('reference', without(`patches:${places}`, by));
    const { logits: byHand } = await plain.run({ image: painted(some, paint) });
    // The painted picture is in float32.
    expect(difference(logits, byHand).absolute).toBeLessThan(2e-5 * Math.max(1, ...byHand.map(Math.abs)));
  });

  test('each image of a batch loses its own parts', async () => {
    const ablations = [
      without(`blocks.${block}.attn:${head}`, 'mean'),
      undefined,
      without(`blocks.${below(depth)}.mlp, patches:${places}`),
    ];
    const { graph, inputs } = ablated(ablations);
    const together = await evaluate(graph, backends[oneBackend], inputs);
    for (const [i, ablation] of ablations.entries()) {
      const alone = await runWithout(oneBackend, ablation);
      for (const key of ['logits', 'rollout'] as const) {
        const size = alone[key].length;
        expectSame(together[key].slice(i * size, (i + 1) * size), alone[key], oneBackend);
      }
    }
  });

  test.each(v.standIns)('all heads at once are each head alone, by %s', async (by) => {
    const first = below(depth);
    const blocks = [first, first + below(depth - first)] as const;
    const { logits, rollout } = v.knockOutHeads(model, imageInput(1), heads, blocks, by);
    const count = 1 + heads * (blocks[1] - blocks[0] + 1);
    expect([logits.shape[0], rollout.shape]).toEqual([count, [count, ...grid]]);
    const found = await evaluate({ logits, rollout }, backends[oneBackend], { image });
    const texts = Array.from({ length: count - 1 }, (_, i) => {
      return `blocks.${first + Math.floor(i / heads)}.attn:${i % heads}`;
    });
    for (const [i, ablation] of [undefined, ...texts.map((text) => without(text, by))].entries()) {
      const alone = await runWithout(oneBackend, ablation);
      for (const key of ['logits', 'rollout'] as const) {
        const size = alone[key].length;
        expectSame(found[key].slice(i * size, (i + 1) * size), alone[key], oneBackend);
      }
    }
  });

  test.each(Object.keys(v.fills) as v.Fill[])('a picture is occluded by %s as by hand', async (fill) => {
    const window = 1 + below(Math.min(...grid));
    const { count, left, shares } = v.windowsOf(grid, window);
    const image1 = imageInput(1);
    const filler = v.fills[fill](image1, grid);
    const { logits } = v.occludedPass(model, image1, filler, v.constant(left, [count, patches]));
    const classes = logits.shape[1];
    const seeds = randomValues(classes, random);
    const pass = v.explained(v.forwardPass(model, image1), v.constant(seeds, [1, classes]));
    const map = v.occlusion.map(pass, { window, fill });
    const found = await evaluate({ logits, map, before: pass.score, filler }, backends.reference, { image });
    const scoreOf = (values: v.Values): number =>
      seeds.reduce((sum, weight, i) => sum + weight * values[i], 0);
    const expected = new Float64Array(patches);
    const place = (channel: number, y: number, x: number): number =>
      found.filler[(channel * model.inputShape[1] + y) * model.inputShape[2] + x];
    for (let i = 0; i < count; i++) {
      const own = [...left.slice(i * patches, (i + 1) * patches)].flatMap((value, patch) =>
        value === 0 ? [patch] : [],
      );
      expect(own).toHaveLength(window ** 2);
      const { logits: byHand } = await plain.run({ image: painted(own, place) });
      const occluded = found.logits.slice(i * classes, (i + 1) * classes);
      expect(difference(occluded, byHand).absolute).toBeLessThan(2e-5 * Math.max(1, ...byHand.map(Math.abs)));
      for (let patch = 0; patch < patches; patch++) {
        expected[patch] += shares[i * patches + patch] * (found.before[0] - scoreOf(occluded));
      }
    }
    expectSame(found.map, expected, 'reference');
  });
});

describe('names of parts', () => {
  const sizes = { depth: 12, heads: 3, headWidth: 64, grid: [14, 14] as const };
  const { head, attention, mlp, patch, count } = v.partsOf(sizes);

  test.each([
    ['blocks.5.attn:2', [head(5, 2)]],
    ['blocks.5.mlp', [mlp(5)]],
    ['blocks.0-1.attn', [0, 1].flatMap((b) => [head(b, 0), head(b, 1), head(b, 2), attention(b)])],
    ['blocks.11.attn:1-2', [head(11, 1), head(11, 2)]],
    ['blocks.3', [head(3, 0), head(3, 1), head(3, 2), attention(3), mlp(3)]],
    ['patches:3,4;13,13', [patch(3, 4), patch(13, 13)]],
    ['patches:0-1,2-3', [patch(0, 2), patch(0, 3), patch(1, 2), patch(1, 3)]],
    [' blocks.5.attn:2 , patches: 3,4 ; 3,5 ,blocks.0.mlp', [mlp(0), head(5, 2), patch(3, 4), patch(3, 5)]],
  ])('%s', (text, parts) => {
    expect(v.parseParts(text, sizes).parts).toEqual(parts);
  });

  test('every part has a place of its own', () => {
    const all = `blocks.0-11, patches:0-13,0-13`;
    expect(v.parseParts(all, sizes)).toEqual({
      names: ['blocks.0-11', 'patches:0-13,0-13'],
      parts: Array.from({ length: count }, (_, i) => i),
    });
  });

  test.each([
    ['', 'The parts "" is no part of a model; write it as blocks.5.attn:2 or blocks.3-5.attn or'],
    ['head 3', 'The parts "head3" is no part of a model;'],
    ['blocks.5.attn:3', 'The parts "blocks.5.attn:3" names head 3; this model has heads 0 to 2.'],
    ['blocks.12.mlp', 'The parts "blocks.12.mlp" names block 12; this model has blocks 0 to 11.'],
    ['blocks.5-3.mlp', 'The parts "blocks.5-3.mlp" has "5-3" for a block; give a number such as 3,'],
    ['patches:3,14', 'The parts "patches:3,14" names column 14; this model has columns 0 to 13.'],
  ])('%j is refused', (text, sentence) => {
    expect(() => v.parseParts(text, sizes)).toThrow(sentence);
  });

  test('a part that no model has is refused where it is run', () => {
    const { values } = v.ablationInput('ablation', 1, sizes);
    expect(() => values([{ parts: [count], by: 'zero' }])).toThrow(`expected parts from 0 to ${count - 1}`);
  });
});

test('36 heads are knocked out in the arithmetic of some 18 passes', () => {
  const model = new v.VisionTransformer(v.findModel('deit_tiny_patch16_224').config);
  const image = v.input('image', [1, ...model.inputShape]);
  const count = (outputs: Record<string, v.Tensor>): number => v.multiplyAdds(v.buildPlan(outputs));
  const { logits, rollout } = v.knockOutHeads(model, image, 3, [0, 11], 'zero');
  const passes = count({ logits, rollout }) / count({ logits: model.call(image) });
  expect(passes).toBeLessThan(18.5);
});
