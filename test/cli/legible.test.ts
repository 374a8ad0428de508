import { expect, test } from '@jest/globals';
import { legible, legibleBytes, legibleJson } from '../../src/cli/legible.js';

test.each([
  ['plain ä 日本 👩‍🔬.png', 'plain ä 日本 👩‍🔬.png'],
  ['\u001b[31mred', '%1B[31mred'],
  ['two\nlines\r\t\0', 'two%0Alines%0D%09%00'],
  ['\u007f\u0085\u009b31m', '%7F%C2%85%C2%9B31m'],
  ['gnp\u202egpj.exe\u2028', 'gnp%E2%80%AEgpj.exe%E2%80%A8'],
])('%j reaches a terminal without effect', (text, expected) => {
  expect(legible(text)).toBe(expected);
  expect(legible(expected)).toBe(expected);
  expect(legibleBytes(Buffer.from(text))).toBe(expected);
});

test.each([
  ['42e472', 'B%E4r'],
  ['e282', '%E2%82'],
  ['e282ac80', '€%80'],
  ['c080', '%C0%80'],
  ['eda080', '%ED%A0%80'],
  ['1bff', '%1B%FF'],
])('bytes %s that are not UTF-8 are shown one by one', (bytes, expected) => {
  expect(legibleBytes(Buffer.from(bytes, 'hex'))).toBe(expected);
});

test('JSON says the same without characters that have an effect', () => {
  const value = { name: '\u001b\u007f\u009b\u2028\u202e\n"\\ä👩', list: [1, '\r'] };
  for (const indent of [undefined, 1]) {
    const text = legibleJson(value, indent);
    expect(JSON.parse(text)).toEqual(value);
    expect(text.replaceAll('\n', '')).toBe(legible(text.replaceAll('\n', '')));
  }
});
