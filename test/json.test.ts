import { expect, test } from '@jest/globals';
import { parseJson } from '../src/json.js';
import { generator, seed } from './support/random.js';

test.each([
  ['', 'it ends too early'],
  ['{"a": [1, {"b": ', 'it ends too early'],
  ['{"a": 1}}', 'in line 1, column 9, there should be nothing more, not "}"'],
  ['{"a": 1,\n "b": 2,\n}', 'in line 3, column 1, there should be a name in double quotes, not "}"'],
  ['{"a": 1\n "b": 2}', 'in line 2, column 2, there should be "," or "}", not "\\""'],
  ['{"a" 1}', 'in line 1, column 6, there should be ":", not "1"'],
  ["{'a': 1}", 'in line 1, column 2, there should be a name in double quotes or "}", not "\'"'],
  ['{"a": ,}', 'in line 1, column 7, there should be a value, not ","'],
  ['{"a": 01}', 'in line 1, column 7, there should be a value, not "01"'],
  ['{"a": True}', 'in line 1, column 7, there should be a value, not "True"'],
  ['{"a": .5}', 'in line 1, column 7, there should be a value, not ".5"'],
  ['[1, 2,]', 'in line 1, column 7, there should be a value, not "]"'],
  ['[1 2]', 'in line 1, column 4, there should be "," or "]", not "2"'],
  ['[}', 'in line 1, column 2, there should be a value or "]", not "}"'],
  ['// mine\n{}', 'in line 1, column 1, there should be a value, not "/"'],
  [
    '{"a": "b\n"}',
    'in line 1, column 7, a text begins that is not closed in its line, or in which a backslash is not doubled',
  ],
  [
    '{"a":\n"C:\\Users"}',
    'in line 2, column 1, a text begins that is not closed in its line, or in which a backslash is not doubled',
  ],
  [Buffer.from('\ufeff{}', 'utf16le').toString(), 'it is not UTF-8 text; save it as UTF-8'],
  [Buffer.from('{"a": 1}', 'utf16le').toString(), 'it is not UTF-8 text; save it as UTF-8'],
])('%j is no JSON: %s', (text, complaint) => {
  expect(parseJson(text)).toEqual({ complaint });
});

test('what is JSON is what it says, with a byte-order mark or without', () => {
  const value = { a: [1, -2.5e-3, 'x"\\\u1234', true, null, {}, []], '': { b: false } };
  for (const text of [JSON.stringify(value), JSON.stringify(value, null, 2)]) {
    expect(parseJson(text)).toEqual({ value });
    expect(parseJson(`\ufeff${text}\n`)).toEqual({ value });
  }
});

test(`whatever is no JSON has a first fault, before which all is well (seed ${seed})`, () => {
  const random = generator();
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"',
    '1',
    '-',
    '0',
    '.5',
    'e3',
    'true',
    'nul',
    ' ',
    '\n',
    '\\',
  ];
  let faults = 0;
  for (let i = 0; i < 4000; i++) {
    const count = 1 + Math.floor(8 * random());
    const text = Array.from({ length: count }, () => pieces[Math.floor(random() * pieces.length)]).join('');
    const parsed = parseJson(text);
    if (!('complaint' in parsed)) continue;
    faults++;
    const place = /^in line (\d+), column (\d+), (?:there should be .*, not ".+"|a text begins .*)$/.exec(
      parsed.complaint,
    );
    if (!place) {
      expect(parsed.complaint).toBe('it ends too early');
      continue;
    }
    const lines = text.split('\n').slice(0, Number(place[1]));
    const before = [...lines.slice(0, -1), lines.at(-1)!.slice(0, Number(place[2]) - 1)].join('\n');
    // What stands before the fault is complete or could be completed.
    const rest = parseJson(before);
    if ('complaint' in rest) expect(rest.complaint).toBe('it ends too early');
  }
  expect(faults).toBeGreaterThan(2000);
});
