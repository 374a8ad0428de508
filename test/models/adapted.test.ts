import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { aboutOwn, ownConfig } from '../support/own-model.js';

const model: v.AdaptableModel = {
  name: 'small',
  config: { ...ownConfig, imageSize: 32, classes: 3 },
  output: 'classes',
  preprocessing: { fit: 'crop', shortSide: 40, size: 32, mean: [0.5], std: [0.5] },
  licence: 'mit',
};

describe('a model for an input of another size', () => {
  test('is the same but for that, and remembers what it was trained at', () => {
    expect(v.atSize(model, [64, 16])).toStrictEqual({
      ...model,
      trainedSize: 32,
      config: { ...ownConfig, imageSize: [64, 16], classes: 3 },
      preprocessing: {
        fit: 'cover',
        cover: [80, 20],
        size: [64, 16],
        mean: [0.5],
        std: [0.5],
        interpolation: 'bicubic',
      },
    });
    expect(model.config.imageSize).toBe(32);
  });

  test('was trained at what is known of it, not at what it is used with', () => {
    const twice = v.atSize(v.atSize({ ...model, trainedSize: [24, 40] }, 64), 128);
    expect([twice.trainedSize, twice.config.imageSize]).toEqual([[24, 40], 128]);
    expect(v.atSize(v.atSize(model, 64), 128).trainedSize).toBe(32);
  });
});

describe('a model with other names of its classes', () => {
  test('is the same but for them', () => {
    expect(v.withLabels(model, 'cat\ndog\nhen\n', 'names.txt')).toStrictEqual({
      ...model,
      labels: ['cat', 'dog', 'hen'],
    });
  });

  test('whatever an editor put before them; within a name it is nothing special', () => {
    expect(v.withLabels(model, '\uFEFFcat\ndo\uFEFFg\nhen', 'names.txt').labels).toEqual([
      'cat',
      'do\uFEFFg',
      'hen',
    ]);
    expect(v.withLabels(model, 'cat\ndo\uFEFFg\nhen', 'names.txt').labels).toEqual([
      'cat',
      'do\uFEFFg',
      'hen',
    ]);
    expect(v.withLabels(model, '\uFEFF["a", "b", "c"]', 'names.json').labels).toEqual(['a', 'b', 'c']);
  });

  test('has to have classes, and as many', () => {
    expect(() => v.withLabels(model, 'cat\ndog', 'names.txt')).toThrow(
      new v.UsageError('names.txt names 2 classes, and the model has 3; give a file with one name for each.'),
    );
    for (const output of ['features', 'embedding'] as const) {
      expect(() => v.withLabels({ ...model, output }, 'cat\ndog\nhen', 'names.txt')).toThrow(
        new v.UsageError('names.txt names classes, and small has none; leave it out.'),
      );
    }
  });
});

describe('a model that no list has', () => {
  /** A checkpoint of a model, of which the numbers are not needed. */
  const checkpoint = (metadata: Readonly<Record<string, string>>): v.Checkpoint => {
    const module = new v.VisionTransformer({
      ...ownConfig,
      imageSize: 16,
      width: 128,
      heads: 2,
      channels: 3,
    });
    const tensors = [...module.namedParameters()].map(([name, { shape }]): [string, v.CheckpointTensor] => [
      name,
      { dtype: 'F32', shape, read: () => Promise.reject(new Error('not read')) },
    ]);
    const names = { source: 'mine.pth', format: 'PyTorch', dialect: 'timm', prefix: '' } as const;
    return { ...names, wrapping: [], dropped: [], metadata, tensors: new Map(tensors) };
  };
  const said = v.ownMetadata({ ...aboutOwn, config: ownConfig });
  const own = { ...aboutOwn, config: ownConfig, trainedSize: [24, 40], output: 'classes' };

  test('is what a folder says, under the name that it is given', () => {
    const config = {
      architecture: 'vit_tiny_patch16_224',
      num_classes: 7,
      pretrained_cfg: { input_size: [3, 224, 224], num_classes: 7 },
    };
    expect(v.modelOfConfiguration({ config, source: 'folder' }, 'mine')).toMatchObject({
      name: 'mine',
      output: 'classes',
      licence: 'unknown',
      concluded: [],
      config: { width: 192, depth: 12, heads: 3, classes: 7, imageSize: [224, 224] },
    });
  });

  test('is what a file says of itself, if it says anything', () => {
    expect(v.ownModel({ metadata: said }, 'mine.safetensors')).toEqual({
      ...own,
      licence: 'unknown',
      concluded: [],
    });
    expect(v.ownModel({ metadata: { format: 'pt' } }, 'mine.safetensors')).toBeUndefined();
  });

  test('is rather what a file says of itself than what its tensors look like', () => {
    expect(v.recogniseModel(checkpoint(said), 'other', 'mine.safetensors')).toMatchObject(own);
    const concluded = v.recogniseModel(checkpoint({}), 'other', 'mine.pth');
    expect(concluded).toMatchObject({ name: 'other', licence: 'unknown', config: { width: 128, heads: 2 } });
    expect(concluded.concluded[0]).toBe('names of timm');
  });
});
