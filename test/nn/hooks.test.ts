import { describe, expect, test } from '@jest/globals';
import { constant, input, multiply, type Tensor } from '../../src/index.js';
import { record } from '../../src/nn/index.js';
import { backendNames, evaluate, useBackends } from '../support/backends.js';
import { difference } from '../support/compare.js';
import { microModel } from '../support/models.js';

const shape = [4, 3, 32, 32];

describe('names', () => {
  const { model } = microModel();

  test("modules and parameters carry timm's names", () => {
    const modules = [...model.namedModules()].map(([name]) => name);
    expect(modules).toEqual(
      expect.arrayContaining([
        '',
        'patch_embed.proj',
        'blocks.1.attn.qkv',
        'blocks.0.attn.attn_drop',
        'head',
      ]),
    );
    const parameters = new Map(model.namedParameters());
    expect(parameters.size).toBe(4 + 12 * 2 + 2 + 2);
    expect(parameters.get('blocks.1.mlp.fc1.weight')?.shape).toEqual([128, 32]);
    expect(parameters.get('pos_embed')?.shape).toEqual([1, 17, 32]);
  });

  test('a name that does not exist is answered with those beside it', () => {
    expect(() => model.getModule('blocks.0.attn.attention')).toThrow(
      'There is no module "blocks.0.attn.attention"; beside it there are blocks.0.attn.qkv, ' +
        'blocks.0.attn.q_norm, blocks.0.attn.k_norm, blocks.0.attn.v_norm, blocks.0.attn.norm, blocks.0.attn.proj, blocks.0.attn.proj_drop, blocks.0.attn.attn_drop.',
    );
  });
});

describe('forward hooks', () => {
  const backends = useBackends();
  const { model, golden } = microModel();
  const image = { image: golden('input').values as Float32Array };

  test('a hook sees the module, its input and its output, once a call, until it is removed', () => {
    const qkv = model.getModule('blocks.1.attn.qkv');
    const seen: (readonly number[])[] = [];
    const handle = qkv.registerForwardHook((module, x, y) => {
      expect(module).toBe(qkv);
      seen.push(x.shape, y.shape);
      return undefined;
    });
    model.call(input('image', shape));
    expect(seen).toEqual([
      [4, 17, 32],
      [4, 17, 96],
    ]);
    handle.remove();
    handle.remove();
    model.call(input('image', shape));
    expect(seen).toHaveLength(2);
  });

  test.each([
    ['a Promise', Promise.resolve()],
    ['1', 1],
  ])('a hook that returns %s is told what it may return', (what, returned) => {
    const handle = model.registerForwardHook((() => returned) as unknown as () => undefined);
    expect(() => model.call(input('image', shape))).toThrow(`A forward hook returned ${what}: `);
    handle.remove();
  });

  test('hooks run in the order of registration, each on what the one before returned', () => {
    const head = model.getModule('head');
    const [first, second] = [constant([1], [1]), constant([2], [1])];
    const handles = [
      head.registerForwardHook(() => first),
      head.registerForwardHook((_module, _x, y) => (y === first ? second : undefined)),
    ];
    expect(model.call(input('image', shape))).toBe(second);
    for (const handle of handles) handle.remove();
    expect(model.call(input('image', shape))).not.toBe(second);
  });

  test('record removes its hooks, also after a failure', () => {
    expect(() => record(model, input('image', [4, 3, 16, 16]), /./)).toThrow('takes images of shape');
    const { recorded } = record(model, input('image', shape), /attn_drop$/);
    expect([...recorded.keys()]).toEqual(['blocks.0.attn.attn_drop', 'blocks.1.attn.attn_drop']);
    model.call(input('image', shape));
    expect(recorded.size).toBe(2);
  });

  test.each(backendNames)('an observing hook does not change the logits on %s', async (name) => {
    const plain = await evaluate({ logits: model.call(input('image', shape)) }, backends[name], image);
    const { output, recorded } = record(model, input('image', shape), /attn_drop$|mlp\.act$|norm1$/);
    const hooked = await evaluate({ logits: output, ...Object.fromEntries(recorded) }, backends[name], image);
    expect(hooked['logits']).toEqual(plain.logits);
  });

  test.each(backendNames)("zeros in one head's attention change the logits on %s", async (name) => {
    const before = await evaluate({ logits: model.call(input('image', shape)) }, backends[name], image);
    const keepSecondHead = constant([0, 1], [2, 1, 1]);
    const drop = model.getModule('blocks.0.attn.attn_drop');
    const handle = drop.registerForwardHook((_module, _x, attention: Tensor) =>
      multiply(attention, keepSecondHead),
    );
    const knockedOut = await evaluate({ logits: model.call(input('image', shape)) }, backends[name], image);
    handle.remove();
    const after = await evaluate({ logits: model.call(input('image', shape)) }, backends[name], image);
    expect(difference(knockedOut.logits, before.logits).relative).toBeGreaterThan(1e-3);
    expect(after.logits).toEqual(before.logits);
  });
});
