import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { openCheckpoint, type ByteSource, type Checkpoint } from '../../src/index.js';
import { WeightsError } from '../../src/errors.js';
import { openWeights } from '../../src/node/models/open-weights.js';
import { openWeightsFile } from '../../src/node/models/weights-file.js';
import { digestOf } from '../support/formats.js';
import { describeWithReference } from '../support/reference.js';

interface Expected {
  readonly outcome: 'ok' | 'refuse' | 'ok-or-refuse';
  readonly note: string;
  readonly tensors?: number;
  readonly sha256_float32?: string;
}

const fixtures = fileURLToPath(new URL('../fixtures/formats', import.meta.url));

function expectOutcomes(folder: string): void {
  const all = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, Expected>;
  const checkpoints = Object.entries(all).filter(([file]) => !file.endsWith('/config.json'));
  test.each(checkpoints)('%s', async (file, { outcome, tensors, sha256_float32: sha256 }) => {
    const found = await digestOf(join(folder, file)).catch((error: unknown) => error);
    if (outcome === 'refuse') expect(found).toBeInstanceOf(WeightsError);
    if (found instanceof Error) {
      expect(found).toBeInstanceOf(WeightsError);
      expect(found.message).toContain(join(folder, dirname(file)));
      expect(outcome).not.toBe('ok');
    } else if (sha256 !== undefined) {
      expect(found).toEqual({ tensors, sha256 });
    }
  });

  afterAll(() => {
    expect(existsSync('PWNED')).toBe(false);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
}

describe('checkpoints that PyTorch, timm and NumPy have written, and bad ones', () => {
  expectOutcomes(fixtures);
});

describeWithReference('all checkpoints of the reference data', (folder) => {
  expectOutcomes(join(folder, 'zoo', 'formats'));
});

describe('what was concluded', () => {
  const open = async (file: string): Promise<Checkpoint> =>
    (await openWeights(join(fixtures, file))).checkpoint;

  test.each<[string, Partial<Checkpoint>]>([
    ['fmt.safetensors', { format: 'safetensors', dialect: 'timm', wrapping: [], prefix: '', dropped: [] }],
    ['legacy.pth', { format: 'PyTorch, as before version 1.6', dialect: 'timm' }],
    ['state_dict_module.pth', { format: 'PyTorch', wrapping: ['state_dict'], prefix: 'module.' }],
    ['training.pth', { wrapping: ['state_dict_ema'] }],
    ['dino_full.pth', { wrapping: ['teacher'], prefix: 'backbone.', dialect: 'timm' }],
    ['deit3.facebook.pth', { wrapping: ['model'], dialect: 'DeiT III' }],
    ['dinov2_plain.facebook.pth', { dialect: 'DINOv2' }],
    ['dinov2_reg4.facebook.pth', { dialect: 'DINOv2 with registers' }],
    ['torchvision.pth', { dialect: 'torchvision' }],
    ['clip_openai.pth', { dialect: 'OpenAI CLIP or OpenCLIP' }],
    ['clip_hf_vision.safetensors', { dialect: 'transformers, CLIP', prefix: 'vision_model.' }],
    ['hf-vit/model.safetensors', { dialect: 'transformers, ViT or DeiT', prefix: 'vit.' }],
    ['augreg.npz', { format: 'NumPy', dialect: "Google's arrays" }],
    ['sharded_bin/pytorch_model.bin.index.json', { format: 'PyTorch', dialect: 'timm' }],
  ])('of %s', async (file, concluded) => {
    expect(await open(file)).toMatchObject(concluded);
  });

  test.each([
    ['dino_full.pth', ['head.mlp.0.weight']],
    ['hf-vit-base-model/model.safetensors', ['pooler.dense.bias', 'pooler.dense.weight']],
    ['clip_openai.pth', ['logit_scale', 'positional_embedding', 'text_projection']],
    ['clip_hf_vision.safetensors', ['logit_scale', 'vision_model.embeddings.position_ids']],
    ['dinov2_reg4.facebook.pth', ['mask_token']],
  ])('of %s, what is left out, by the names of the file', async (file, names) => {
    const { dropped } = await open(file);
    expect(dropped.map(({ name }) => name).sort()).toEqual(names);
    for (const { what } of dropped) expect(what).not.toBe('');
  });
});

test('other types of numbers, and tensors of no or one number, in a PyTorch file', async () => {
  const all = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as {
    'strided.pth': {
      extra: Record<string, { dtype: string; shape: number[]; values: (number | boolean)[] }>;
    };
  };
  const { tensors } = (await openWeights(join(fixtures, 'strided.pth'))).checkpoint;
  for (const [name, { dtype, shape, values }] of Object.entries(all['strided.pth'].extra)) {
    const tensor = tensors.get(name);
    // Whole numbers are no weights.
    expect([name, tensor === undefined]).toEqual([name, !dtype.startsWith('torch.float')]);
    if (!tensor) continue;
    expect(tensor.shape).toEqual(shape);
    expect(await tensor.read()).toEqual(Float32Array.from(values, Number));
  }
});

test('of a file that lies, never more is asked for than it has, and never again and again', async () => {
  const lying = Object.keys(
    JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as object,
  ).filter((file) => /^(lying|bomb|bad|truncated|cycle)_?.*\.(pth|safetensors)$/.test(file));
  expect(lying.length).toBeGreaterThan(25);
  for (const file of lying.filter((name) => name !== 'bad_empty.safetensors')) {
    const source = await openWeightsFile(join(fixtures, file));
    let asked = 0;
    const counting: ByteSource = {
      ...source,
      read: (begin, end) => {
        expect(begin).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(source.size);
        asked += end - begin;
        return source.read(begin, end);
      },
    };
    await openCheckpoint(counting).catch((error: unknown) => {
      expect(error).toBeInstanceOf(WeightsError);
    });
    expect(asked).toBeLessThan(20 * source.size + 1000);
  }
});
