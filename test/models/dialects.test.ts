import { describe, expect, test } from '@jest/globals';
import {
  bytesSource,
  openCheckpoint,
  readTensors,
  type Checkpoint,
  type ReadTensor,
} from '../../src/index.js';
import { encodeSafetensors } from '../support/checkpoints.js';
import { messageOf } from '../support/messages.js';
import { generator, randomValues, seed } from '../support/random.js';
import { npyBytes } from '../support/npy-bytes.js';
import { zipBytes } from '../support/zip-bytes.js';

const random = generator();

type Shapes = Readonly<Record<string, readonly number[]>>;
type Named = ReadonlyMap<string, ReadTensor>;

/** Tensors of these shapes with random numbers. */
function tensorsOf(shapes: Shapes): Named {
  return new Map(
    Object.entries(shapes).map(([name, shape]) => {
      const count = shape.reduce((product, extent) => product * extent, 1);
      return [name, { shape, values: new Float32Array(randomValues(count, random)) }];
    }),
  );
}

function open(tensors: Named): Promise<Checkpoint> {
  const list = [...tensors].map(([name, { shape, values }]) => ({ name, shape, values }));
  return openCheckpoint(bytesSource('test', new Uint8Array(encodeSafetensors(list))));
}

const droppedFrom = ({ dropped }: Checkpoint): string[] => dropped.map(({ name }) => name);

/** Row i of a matrix, or element i of a vector, in rows of so many numbers. */
const joined = (...parts: readonly Float32Array[]): Float32Array =>
  Float32Array.from(parts.flatMap((part) => [...part]));

describe(`names of libraries become timm's (seed ${seed})`, () => {
  test('SigLIP of transformers: the query of the pooling apart from its keys and values', async () => {
    const shapes: Record<string, number[]> = {
      'vision_model.embeddings.patch_embedding.weight': [4, 3, 2, 2],
      'vision_model.embeddings.patch_embedding.bias': [4],
      'vision_model.embeddings.position_embedding.weight': [6, 4],
      'vision_model.post_layernorm.weight': [4],
      'vision_model.head.probe': [1, 1, 4],
      'vision_model.head.attention.in_proj_weight': [12, 4],
      'vision_model.head.attention.in_proj_bias': [12],
      'vision_model.head.attention.out_proj.weight': [4, 4],
      'vision_model.head.layernorm.bias': [4],
      'vision_model.head.mlp.fc1.weight': [8, 4],
      'text_model.encoder.layers.0.layer_norm1.weight': [4],
      logit_scale: [1],
      logit_bias: [1],
    };
    for (const layer of [0, 1]) {
      for (const part of ['q', 'k', 'v', 'out']) {
        shapes[`vision_model.encoder.layers.${layer}.self_attn.${part}_proj.weight`] = [4, 4];
      }
      shapes[`vision_model.encoder.layers.${layer}.mlp.fc2.bias`] = [4];
    }
    const given = tensorsOf(shapes);
    const of = (name: string): Float32Array => given.get(`vision_model.${name}`)!.values;
    const checkpoint = await open(given);
    expect(checkpoint).toMatchObject({ dialect: 'transformers, SigLIP', prefix: 'vision_model.' });
    expect(droppedFrom(checkpoint)).toEqual(Object.keys(shapes).filter((name) => /^(text|logit)/.test(name)));
    const read = await readTensors(checkpoint);
    const pool = of('head.attention.in_proj_weight');
    expect(Object.fromEntries(read)).toEqual({
      'patch_embed.proj.weight': { shape: [4, 3, 2, 2], values: of('embeddings.patch_embedding.weight') },
      'patch_embed.proj.bias': { shape: [4], values: of('embeddings.patch_embedding.bias') },
      pos_embed: { shape: [1, 6, 4], values: of('embeddings.position_embedding.weight') },
      'norm.weight': { shape: [4], values: of('post_layernorm.weight') },
      'attn_pool.latent': { shape: [1, 1, 4], values: of('head.probe') },
      'attn_pool.q.weight': { shape: [4, 4], values: pool.slice(0, 16) },
      'attn_pool.kv.weight': { shape: [8, 4], values: pool.slice(16) },
      'attn_pool.q.bias': { shape: [4], values: of('head.attention.in_proj_bias').slice(0, 4) },
      'attn_pool.kv.bias': { shape: [8], values: of('head.attention.in_proj_bias').slice(4) },
      'attn_pool.proj.weight': { shape: [4, 4], values: of('head.attention.out_proj.weight') },
      'attn_pool.norm.bias': { shape: [4], values: of('head.layernorm.bias') },
      'attn_pool.mlp.fc1.weight': { shape: [8, 4], values: of('head.mlp.fc1.weight') },
      ...Object.fromEntries(
        [0, 1].flatMap((layer) => {
          const part = (name: string): Float32Array =>
            of(`encoder.layers.${layer}.self_attn.${name}_proj.weight`);
          return [
            [
              `blocks.${layer}.attn.qkv.weight`,
              { shape: [12, 4], values: joined(part('q'), part('k'), part('v')) },
            ],
            [`blocks.${layer}.attn.proj.weight`, { shape: [4, 4], values: part('out') }],
            [
              `blocks.${layer}.mlp.fc2.bias`,
              { shape: [4], values: of(`encoder.layers.${layer}.mlp.fc2.bias`) },
            ],
          ];
        }),
      ),
    });
  });

  test('OpenCLIP around a model of timm: its projection is the head', async () => {
    const given = tensorsOf({
      'visual.trunk.patch_embed.proj.weight': [4, 3, 2, 2],
      'visual.trunk.norm.weight': [4],
      'visual.head.proj.weight': [5, 4],
      'text.transformer.resblocks.0.ln_1.weight': [4],
      logit_scale: [],
    });
    const checkpoint = await open(given);
    expect(checkpoint).toMatchObject({ dialect: 'timm', prefix: 'visual.trunk.' });
    const read = await readTensors(checkpoint);
    expect([...read.keys()].sort()).toEqual([
      'head.bias',
      'head.weight',
      'norm.weight',
      'patch_embed.proj.weight',
    ]);
    expect(read.get('head.weight')).toEqual(given.get('visual.head.proj.weight'));
    expect(read.get('head.bias')).toEqual({ shape: [5], values: new Float32Array(5) });
  });

  test("Google's arrays of big_vision, with pooling, in any order of memory and any type", async () => {
    const [width, heads, headWidth, hidden] = [6, 2, 3, 5];
    const block = 'params/img/Transformer/encoderblock_1';
    const pool = 'params/img/MAPHead_0';
    const attention = (from: string): Shapes => ({
      ...Object.fromEntries(
        ['query', 'key', 'value'].flatMap((part) => [
          [`${from}/${part}/kernel`, [width, heads, headWidth]],
          [`${from}/${part}/bias`, [heads, headWidth]],
        ]),
      ),
      [`${from}/out/kernel`]: [heads, headWidth, width],
    });
    const given = tensorsOf({
      'params/img/embedding/kernel': [2, 4, 3, width],
      'params/img/pos_embedding': [1, 7, width],
      'params/img/Transformer/encoder_norm/scale': [width],
      ...attention(`${block}/MultiHeadDotProductAttention_0`),
      [`${block}/LayerNorm_0/scale`]: [width],
      [`${block}/LayerNorm_1/scale`]: [width],
      [`${block}/MlpBlock_0/Dense_0/kernel`]: [width, hidden],
      ...attention(`${pool}/MultiHeadDotProductAttention_0`),
      [`${pool}/probe`]: [1, 1, width],
    });
    const records = [...given].map(([name, { shape, values }], i) => ({
      name: `${name}.npy`,
      data: npyBytes(shape, values, i % 2 === 1),
      deflated: i % 3 === 0,
    }));
    const checkpoint = await openCheckpoint(bytesSource('test', new Uint8Array(zipBytes(records))));
    expect(checkpoint).toMatchObject({ format: 'NumPy', dialect: "Google's arrays", prefix: 'params/img/' });
    const read = await readTensors(checkpoint);
    /** Element [o, i] of a linear layer whose kernel, with the axes of heads joined, is [i, o]. */
    const turned = (name: string, inputs: number, outputs: number): Float32Array =>
      Float32Array.from(
        { length: inputs * outputs },
        (_, k) => given.get(name)!.values[(k % inputs) * outputs + Math.floor(k / inputs)],
      );
    const heads0 = `${block}/MultiHeadDotProductAttention_0`;
    const pooling = `${pool}/MultiHeadDotProductAttention_0`;
    expect(read.get('blocks.1.attn.qkv.weight')).toEqual({
      shape: [3 * width, width],
      values: joined(
        ...['query', 'key', 'value'].map((part) => turned(`${heads0}/${part}/kernel`, width, width)),
      ),
    });
    expect(read.get('blocks.1.attn.qkv.bias')!.values).toEqual(
      joined(...['query', 'key', 'value'].map((part) => given.get(`${heads0}/${part}/bias`)!.values)),
    );
    expect(read.get('blocks.1.attn.proj.weight')!.values).toEqual(
      turned(`${heads0}/out/kernel`, width, width),
    );
    expect(read.get('blocks.1.mlp.fc1.weight')).toEqual({
      shape: [hidden, width],
      values: turned(`${block}/MlpBlock_0/Dense_0/kernel`, width, hidden),
    });
    expect(read.get('blocks.1.norm2.weight')).toEqual(given.get(`${block}/LayerNorm_1/scale`));
    expect(read.get('attn_pool.kv.weight')!.values).toEqual(
      joined(...['key', 'value'].map((part) => turned(`${pooling}/${part}/kernel`, width, width))),
    );
    expect(read.get('attn_pool.latent')).toEqual(given.get(`${pool}/probe`));
    // Element [o, c, h, w] of a kernel [h, w, c, o].
    const kernel = given.get('params/img/embedding/kernel')!.values;
    expect(read.get('patch_embed.proj.weight')).toEqual({
      shape: [width, 3, 2, 4],
      values: Float32Array.from({ length: kernel.length }, (_, k) => {
        const [w, h, c, o] = [k % 4, Math.floor(k / 4) % 2, Math.floor(k / 8) % 3, Math.floor(k / 24)];
        return kernel[((h * 4 + w) * 3 + c) * width + o];
      }),
    });
  });
});

describe('of several copies of a model, and of what stands before its names', () => {
  const model = { 'patch_embed.proj.weight': [2, 3, 1, 1], 'norm.bias': [2] };
  const under = (prefix: string, shapes: Shapes = model): Shapes =>
    Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [prefix + name, shape]));

  test.each<[string, Shapes, string, string[]]>([
    ['the teacher, not the student', { ...under('student.backbone.'), 'student.head.x': [1], ...under('teacher.backbone.') }, 'teacher.backbone.', ['student.backbone.patch_embed.proj.weight', 'student.backbone.norm.bias', 'student.head.x']],
    ['the average beside what it was made of', { ...under(''), ...under('model_ema.') }, 'model_ema.', ['patch_embed.proj.weight', 'norm.bias']],
    ['what has no prefix, not what has', { ...under(''), ...under('momentum_encoder.') }, '', ['momentum_encoder.patch_embed.proj.weight', 'momentum_encoder.norm.bias']],
    ['the encoder that MoCo goes on with', { ...under('module.base_encoder.'), ...under('module.momentum_encoder.') }, 'module.base_encoder.', ['module.momentum_encoder.patch_embed.proj.weight', 'module.momentum_encoder.norm.bias']],
    ['the only one, whatever it is called', under('_orig_mod.net.tower.'), '_orig_mod.net.tower.', []],
  ])('%s is taken', async (_what, shapes, prefix, dropped) => {
    const given = tensorsOf(shapes);
    const checkpoint = await open(given);
    expect(checkpoint.prefix).toBe(prefix);
    expect(droppedFrom(checkpoint)).toEqual(dropped);
    const read = await readTensors(checkpoint);
    expect(read.size).toBe(2);
    for (const [name, tensor] of read) expect(tensor).toEqual(given.get(prefix + name));
  }); // prettier-ignore

  test('two of which none is better are refused, with both named', async () => {
    const message = await messageOf(open(tensorsOf({ ...under('left.'), ...under('right.') })));
    expect(message).toMatch(/several models, under "left\.", "right\."/);
  });

  test('a head beside the prefix is of the model too, and what is not known keeps its name', async () => {
    const shapes = { ...under('module.backbone.'), 'module.head.weight': [4, 2], 'module.extra.weight': [1] };
    const { tensors } = await open(tensorsOf(shapes));
    expect([...tensors.keys()].sort()).toEqual([
      'extra.weight',
      'head.weight',
      'norm.bias',
      'patch_embed.proj.weight',
    ]);
  });

  test('a name that is there with and without prefix is refused', async () => {
    const message = await messageOf(open(tensorsOf({ ...under('backbone.'), 'norm.bias': [2] })));
    expect(message).toMatch(/"norm\.bias" both with "backbone\." before it and without/);
  });

  test('a part without which a tensor is nothing, and parts that do not fit together', async () => {
    const layer = (part: string): string => `encoder.layer.0.attention.attention.${part}.weight`;
    const signs = {
      'embeddings.patch_embeddings.projection.weight': [2, 3, 1, 1],
      'encoder.layer.0.layernorm_before.weight': [2],
    };
    const two = { ...signs, [layer('query')]: [2, 2], [layer('value')]: [2, 2] };
    expect(await messageOf(open(tensorsOf(two)))).toMatch(
      /but lacks "encoder\.layer\.0\.attention\.attention\.key\.weight"/,
    );
    const three = { ...two, [layer('key')]: [2, 3] };
    expect(await messageOf(open(tensorsOf(three)))).toMatch(
      /\[2, 2\].*\[2, 3\].*of which no "blocks\.0\.attn\.qkv\.weight"/,
    );
  });

  test('names of nobody that is known stay as they are', async () => {
    const checkpoint = await open(tensorsOf({ 'layer1.0.conv1.weight': [1], 'fc.bias': [2] }));
    expect(checkpoint.dialect).toBeUndefined();
    expect([...checkpoint.tensors.keys()]).toEqual(['layer1.0.conv1.weight', 'fc.bias']);
  });
});
