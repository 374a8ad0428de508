import { describe, expect, test } from '@jest/globals';
import {
  architectureArguments,
  architectureNames,
  isArchitecture,
} from '../../src/models/registry/architectures.js';
import { checkpointsOf, publishedArchitectures } from '../../src/models/registry/checkpoints.js';
import { once, rowsOf } from '../../src/models/registry/table.js';

describe('a table', () => {
  test('has a row a line and a word between spaces, however many', () => {
    expect(rowsOf('\n  a b   c\nd    e f\n\n')).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e', 'f'],
    ]);
    expect(rowsOf('alone')).toEqual([['alone']]);
  });

  test('is made when it is first asked for, and kept', () => {
    let made = 0;
    const table = once(() => [++made]);
    expect(made).toBe(0);
    expect(table()).toBe(table());
    expect([made, table()]).toEqual([1, [1]]);
  });
});

test('the checkpoints of an architecture, the default one first, and the architectures that have any', () => {
  const found = checkpointsOf('deit_base_patch16_224');
  expect(found.map(({ tag, isDefault }) => [tag, isDefault])).toEqual([['fb_in1k', true]]);
  expect(found[0]).toMatchObject({
    architecture: 'deit_base_patch16_224',
    classes: 1000,
    embeds: false,
    repo: 'timm/deit_base_patch16_224.fb_in1k',
    licence: 'apache-2.0',
  });
  const several = checkpointsOf('vit_base_patch16_224');
  expect(several.map(({ isDefault }) => isDefault)).toEqual(several.map((_, position) => position === 0));
  expect(several.map(({ tag }) => tag)).toEqual(expect.arrayContaining(['augreg_in21k', 'dino']));
  expect(new Set(several.map(({ tag }) => tag)).size).toBe(several.length);
  expect(checkpointsOf('vit_of_nobody')).toEqual([]);
  const published = publishedArchitectures();
  expect(published).toContain('deit_base_patch16_224');
  expect(published.every((name) => isArchitecture(name) && checkpointsOf(name).length > 0)).toBe(true);
  expect(new Set(published).size).toBe(published.length);
});

test('the architectures by name', () => {
  expect(isArchitecture('vit_tiny_patch16_224')).toBe(true);
  expect(isArchitecture('')).toBe(false);
  expect(isArchitecture('192')).toBe(false);
  expect(architectureNames()).toEqual(
    expect.arrayContaining(['vit_tiny_patch16_224', 'vit_giant_patch14_reg4_dinov2']),
  );
  expect(architectureArguments('vit_tiny_patch16_224')).toEqual({
    img_size: 224,
    patch_size: 16,
    embed_dim: 192,
    depth: 12,
    num_heads: 3,
    mlp_ratio: 4,
  });
  // DINOv2's largest: a packed SwiGLU, of which timm counts gate and value, 2 * 4096 / 1536.
  expect(architectureArguments('vit_giant_patch14_reg4_dinov2')).toMatchObject({
    mlp_ratio: 16 / 3,
    reg_tokens: 4,
    init_values: 1e-5,
    no_embed_class: true,
    act_layer: 'silu',
  });
});
