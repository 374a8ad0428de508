import { expect, test } from '@jest/globals';
import { failureInWords } from '../../page/src/engine/failure.js';
import { Recent } from '../../page/src/engine/recent.js';
import { readAddress, writeAddress } from '../../page/src/state/address.js';
import { usual, type Asked } from '../../page/src/state/state.js';
import { DeviceError } from '../../src/index.js';

/** As each part of a browser says it. */
test.each<[of: string, error: Error]>([
  ['WebGPU', new DeviceError('The adapter "swiftshader" failed: Out of memory.')],
  ['WebAssembly', new DeviceError('The wasm backend cannot prepare this plan: not enough memory.')],
  ['arrays', new RangeError('Array buffer allocation failed')],
])('running out of memory is one sentence, of %s', (_of, error) => {
  expect(failureInWords(error)).toBe(
    'This machine has no memory left for that: close other pages, choose a smaller model, or load the page again.',
  );
});

test('other failures keep their own words, and what nobody expected says so', () => {
  expect(failureInWords(new DeviceError('There is no adapter.'))).toBe('There is no adapter.');
  expect(failureInWords(new TypeError('x is not a function'))).toBe(
    'Something went wrong that the page did not expect (x is not a function); load it again.',
  );
});

test.each<Partial<Asked>>([
  {},
  { device: 'wasm', model: 'deit_tiny_patch16_224', picture: 'street', method: 'rollout' },
  { options: { headFusion: 'max', layers: [2, 4], patch: [1, 2] }, opacity: 0.35, block: 3, head: 2 },
  { target: { kind: 'class', index: 17 }, score: 'log-probability' },
  { target: { kind: 'contrast', index: 3, against: 281 }, beside: 'gradient-rollout' },
  { target: { kind: 'rank', rank: 2 }, without: [[0, 3], [11, 0]] }, // prettier-ignore
  { target: { kind: 'norm' }, step: 0 },
  { target: { kind: 'feature', index: 5 }, step: 6 },
])('the address says all that was chosen: %j', (changes) => {
  const asked = { ...usual, ...changes };
  expect(readAddress(`#${writeAddress(asked)}`)).toEqual(asked);
});

test.each([
  '',
  '#',
  '#block=-1&head=two&opacity=2&target=best&options=[1]&without=a.b&step=9&device=gpu',
  '#options={',
])('what makes no sense in it is as usual: %s', (text) => {
  expect(readAddress(text)).toEqual(usual);
});

test('programs that were not used for longest are let go of, once they are made', async () => {
  const gone: string[] = [];
  const recent = new Recent<{ name: string; dispose: () => void }>(2);
  const get = (name: string) =>
    recent.get(name, () => Promise.resolve({ name, dispose: () => void gone.push(name) }));
  const first = await get('a');
  await get('b');
  expect(await get('a')).toBe(first);
  await get('c');
  await Promise.resolve();
  expect(gone).toEqual(['b']);
  const failing = recent.get('d', () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect((await get('d')).name).toBe('d');
});
