import { expect, test } from '@jest/globals';
import { isOfKind } from '../../page/src/draw/option-values.js';
import { uniqueNames } from '../../page/src/draw/words.js';
import { failureInWords } from '../../page/src/engine/failure.js';
import { Recent } from '../../page/src/engine/recent.js';
import { usual, type Asked } from '../../page/src/state/state.js';
import { fitted, readAddress, writeAddress } from '../../page/src/state/address.js';
import type { OptionKind } from '../../page/src/protocol.js';
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
  { block: 0, head: 0 },
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
  '#block=1.5&head=0.5&step=2.5',
])('what makes no sense in it is as usual: %s', (text) => {
  expect(readAddress(text)).toEqual(usual);
});

test('block and head are those that a model has', () => {
  const model = { depth: 6, heads: 4, hasAttention: true };
  expect(fitted(usual, model)).toEqual({ ...usual, block: 5 });
  const asked: Asked = { ...usual, block: 0, head: 3, without: [[0, 3], [0, 4], [6, 0]], step: 1 }; // prettier-ignore
  expect(fitted(asked, model)).toEqual({ ...asked, without: [[0, 3]] });
  expect(fitted({ ...asked, head: 4 }, model).head).toBe('mean');
  expect(fitted(asked, { ...model, hasAttention: false })).toMatchObject({ without: [], step: undefined });
});

test.each<[OptionKind, right: unknown, wrong: unknown]>([
  [{ kind: 'range', most: 5 }, [0, 5], 3],
  [{ kind: 'patch' }, [1, 2], [1]],
  [{ kind: 'number', least: 0, most: 1, whole: false }, 0.5, {}],
  [{ kind: 'choice', names: ['mean'] }, 'mean', { toString: 1 }],
])('controls show values of their own shape alone: %j', (option, right, wrong) => {
  expect(isOfKind(option, right)).toBe(true);
  expect(isOfKind(option, wrong)).toBe(false);
  expect(isOfKind(option, undefined)).toBe(false);
});

test('classes of one name are told apart by their numbers', () => {
  expect(uniqueNames(['dog', 'crane', 'cat', 'crane'])).toEqual(['dog', 'crane (1)', 'cat', 'crane (3)']);
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
