import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Contestant } from '../../bench/compare/contestant.js';
import { contestsOf, type Field } from '../../bench/compare/contests.js';
import { peerEnvironment } from '../../bench/compare/environment.js';
import { plainModel } from '../../bench/compare/plain-model.js';
import { checkOnnxSize } from '../../bench/compare/setting.js';
import { findModel, modelNames, UsageError } from '../../src/index.js';

const sizesOf = (name: string): ReturnType<typeof plainModel>['sizes'] => plainModel(findModel(name)).sizes;

describe('the model that peers are handed', () => {
  test('is its sizes', () => {
    expect(sizesOf('deit_tiny_patch16_224')).toEqual({
      image: 224,
      patch: 16,
      width: 192,
      depth: 12,
      heads: 3,
      hidden: 768,
      classes: 1000,
      epsilon: 1e-6,
    });
    const large = { image: 384, patch: 32, width: 1024, depth: 24, heads: 16, hidden: 4096 };
    expect(sizesOf('vit_large_patch32_384')).toMatchObject(large);
    expect(sizesOf('vit_base_patch16_224.augreg_in21k').classes).toBe(21843);
  });

  test('under the names that Python gives them', async () => {
    const source = await readFile('bench/peers/vit.py', 'utf8');
    const [, fields] = /class Sizes\(NamedTuple\):\n((?: {4}\w+: .*\n)+)/.exec(source)!;
    const names = fields.split('\n').flatMap((line) => /^ {4}(\w+):/.exec(line)?.[1] ?? []);
    expect(Object.keys(sizesOf('deit_tiny_patch16_224'))).toEqual(names);
  });

  test('and how its pictures are made ready', () => {
    const { pictures } = plainModel(findModel('vit_base_patch16_224'));
    expect(pictures).toEqual({ shortSide: 248, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] });
  });

  test.each([
    [
      'vit_small_patch14_reg4_dinov2',
      'registers: 4, prefixPositions: false, layerScale: true, no classifier',
    ],
    ['vit_base_patch16_siglip_224', 'classToken: false, pooling: map'],
    ['deit_tiny_distilled_patch16_224', 'distillationToken: true'],
    ['vit_base_patch16_clip_quickgelu_224', 'mlp: quick-gelu'],
    ['deit3_base_patch16_224', 'layerScale: true'],
  ])('%s is more than that, and is refused in a sentence', (name, reason) => {
    let message = '';
    try {
      sizesOf(name);
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      message = (error as UsageError).message;
    }
    expect(message).toContain(`--peers cannot compare ${name}, because`);
    expect(message).toContain(reason);
    expect(message).toMatch(
      /; these can be compared: .*deit_tiny_patch16_224, .*vit_base_patch16_224, [^;]*\.$/,
    );
  });

  test('all models that the refusal names can be compared, and others with their weights', () => {
    let message = '';
    try {
      sizesOf('vit_base_patch16_siglip_224');
    } catch (error) {
      ({ message } = error as UsageError);
    }
    const names = message.replace(/^.*compared: |\.$/g, '').split(', ');
    expect(names).toContain('vit_large_patch16_224');
    expect(names.every((name) => modelNames().includes(name) && sizesOf(name).width > 0)).toBe(true);
    expect(sizesOf('vit_base_patch16_224.sam_in1k')).toEqual(sizesOf('vit_base_patch16_224'));
  });

  test('fits into an ONNX file', () => {
    const large = findModel('vit_large_patch16_384');
    expect(() => {
      checkOnnxSize(large);
    }).not.toThrow();
    expect(() => {
      checkOnnxSize({ ...large, config: { ...large.config, depth: 48 } });
    }).toThrow(
      /^--peers cannot compare vit_large_patch16_384, because its 2\.3 GiB are more than the 2 GiB /,
    );
  });
});

describe('the environment of a peer', () => {
  const flags = new Set(['avx2', 'avx512f', 'avx512bw', 'avx512dq', 'avx512vl']);

  test('limits the threads of its libraries', () => {
    const given = { PATH: '/bin', OMP_NUM_THREADS: '7' };
    const two = { OMP_NUM_THREADS: '2', OPENBLAS_NUM_THREADS: '2', MKL_NUM_THREADS: '2' };
    expect(peerEnvironment(2, given, new Set())).toEqual({ PATH: '/bin', ...two });
    expect(peerEnvironment(undefined, given, new Set())).toEqual(given);
  });

  test('tells OpenBLAS of a processor with AVX-512, unless a person did', () => {
    expect(peerEnvironment(undefined, {}, flags)).toEqual({ OPENBLAS_CORETYPE: 'SKYLAKEX' });
    const given = { OPENBLAS_CORETYPE: 'HASWELL' };
    expect(peerEnvironment(undefined, given, flags)).toEqual(given);
    // Such as a Xeon Phi, which has only some of it.
    expect(peerEnvironment(undefined, {}, new Set(['avx512f']))).toEqual({});
  });
});

describe('the contests', () => {
  // They are asked nothing here, so any process that ends by itself will do.
  const idle = (name: string): Contestant => new Contestant(name, 1, [process.execPath, '--version']);
  const [vitrine, onnx, torch] = ['vitrine', 'ONNX Runtime', 'PyTorch'].map(idle);
  const field: Field = { threads: 1, vitrine, onnx, torch: [torch], isTorchFair: true };
  const sizes = sizesOf('vit_large_patch16_224');
  const setting = { sizes, onnx: { 1: 'of-1.onnx' }, provider: 'cpu', training: undefined } as const;

  afterAll(() => Promise.all([vitrine, onnx, torch].map((each) => each.stop())));

  test('are named after the depth and the batches, and nothing is trained', () => {
    expect(contestsOf(field, setting, [1, 4]).map(({ title }) => title)).toEqual([
      'forward + 24 attentions',
      'forward + 24 attentions, an image of 4',
      'explanation by own forward',
      'explanation',
    ]);
  });

  test('ONNX Runtime takes several images at once where it has a model for them, and one by one', () => {
    const waysOfOnnx = (models: Readonly<Record<number, string>>): (string | undefined)[] =>
      contestsOf(field, { ...setting, onnx: models }, [4])[0].ways.flatMap(({ contestant: of, label }) =>
        of === onnx ? [label] : [],
      );
    expect(waysOfOnnx({ 1: 'of-1.onnx' })).toEqual(['one by one']);
    expect(waysOfOnnx({ 1: 'of-1.onnx', 4: 'of-4.onnx' })).toEqual(['at once', 'one by one']);
  });

  test('without a PyTorch that is fair, the others are measured', () => {
    const contests = contestsOf({ ...field, torch: [], isTorchFair: false }, setting, [1]);
    const names = contests.map(({ ways }) => ways.map((way) => way.name ?? way.contestant.name));
    expect(names).toEqual([['vitrine', 'ONNX Runtime'], ['vitrine', 'own forward'], ['vitrine']]);
  });
});
