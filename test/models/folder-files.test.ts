import { expect, test } from '@jest/globals';
import { filesOfModel, isCheckpointName } from '../../src/index.js';
import { isIndex } from '../../src/models/folder-files.js';

test.each([
  [['README.md', 'pytorch_model.bin', 'config.json', 'model.safetensors'], 'model.safetensors'],
  [['pytorch_model-00001-of-00002.bin', 'pytorch_model.bin.index.json'], 'pytorch_model.bin.index.json'],
  [['mine.PTH', 'notes.txt'], 'mine.PTH'],
  [['config.json', 'notes.txt'], undefined],
])('of %j the weights are in %s', (names, weights) => {
  expect(filesOfModel(names)).toEqual({
    config: names.find((name) => name === 'config.json'),
    preprocessor: undefined,
    weights,
  });
});

test('a checkpoint is told by the ending of its name', () => {
  expect(['a.safetensors', 'b.CKPT', 'c.npz'].every(isCheckpointName)).toBe(true);
  expect(['a.json', 'safetensors', 'b.png'].some(isCheckpointName)).toBe(false);
});

test('what a model wants of pictures may be in a file of its own', () => {
  expect(filesOfModel(['preprocessor_config.json', 'model.safetensors.index.json', 'other.npz'])).toEqual({
    config: undefined,
    preprocessor: 'preprocessor_config.json',
    weights: 'model.safetensors.index.json',
  });
});

test('the list of the files that weights are in is told from the weights', () => {
  expect(['model.safetensors.index.json', 'pytorch_model.bin.index.json'].every(isIndex)).toBe(true);
  expect(['model.safetensors', 'config.json', 'x.index.json.pth', ''].some(isIndex)).toBe(false);
});
