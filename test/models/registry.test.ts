import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { UsageError } from '../../src/errors.js';
import { imagenetPreprocessing, scenesPreprocessing } from '../../src/image/index.js';
import { loadCheckpoint } from '../../src/models/checkpoint/load.js';
import { readSafetensors } from '../../src/models/checkpoint/safetensors.js';
import { demoModel, findModel, modelNames } from '../../src/models/registry/registry.js';
import { VisionTransformer } from '../../src/models/vision-transformer.js';

describe('the registered models', () => {
  test('are found by name, and no other is', () => {
    expect(modelNames[0]).toBe('deit_tiny_patch16_224');
    for (const name of modelNames) expect(findModel(name).name).toBe(name);
    expect(() => findModel('vit')).toThrow(
      new UsageError(`There is no model "vit"; choose one of: ${modelNames.join(', ')}.`),
    );
  });

  test.each(modelNames)('%s has a label for each class, and sees what its preprocessing makes', (name) => {
    const { config, labels, preprocessing } = findModel(name);
    expect(labels).toHaveLength(config.classes);
    expect(preprocessing.size).toBe(config.imageSize);
    expect(config.width / config.heads).toBe(name.startsWith('deit') ? 64 : 32);
    expect(config.layerNormEpsilon).toBe(1e-6);
  });

  test('DeiT-tiny has as many parameters as are published, takes ImageNet pictures and is on the hub', () => {
    const { config, preprocessing, hub } = findModel('deit_tiny_patch16_224');
    const parameters = [...new VisionTransformer(config).namedParameters()];
    expect(parameters.reduce((sum, [, { size }]) => sum + size, 0)).toBe(5_717_416);
    expect(preprocessing).toBe(imagenetPreprocessing);
    expect(hub).toEqual({ repo: 'timm/deit_tiny_patch16_224.fb_in1k', file: 'model.safetensors' });
  });

  test('the one that ships is what its checkpoint holds, and needs no hub', () => {
    expect(demoModel).toBe(findModel('vit_scenes_patch8_72'));
    expect(demoModel.hub).toBeUndefined();
    expect(demoModel.preprocessing).toEqual(scenesPreprocessing(72));
    const file = new URL(`../../weights/${demoModel.name}.safetensors`, import.meta.url);
    const checkpoint = readSafetensors(new Uint8Array(readFileSync(file)), demoModel.name);
    const model = new VisionTransformer(demoModel.config);
    loadCheckpoint(model, checkpoint, demoModel.name);
    expect(checkpoint.tensors.size).toBe([...model.namedParameters()].length);
  });
});
