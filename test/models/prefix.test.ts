import { describe, expect, test } from '@jest/globals';
import { isOfCopy, piecesOf, rankOf, withoutPrefix } from '../../src/models/checkpoint/prefix.js';
import { translate } from '../../src/models/checkpoint/translate.js';
import { same, type Transform } from '../../src/models/checkpoint/dialects/transforms.js';
import type { Dialect } from '../../src/models/checkpoint/dialects/dialect.js';
import { WeightsError } from '../../src/errors.js';
import type { CheckpointTensor } from '../../src/index.js';

describe('what stands before the names of a checkpoint', () => {
  test('is preferred where it tells of averages or of a teacher, and least where it tells of a student', () => {
    const ranked = [
      ['model_ema.', 'ema.module.'],
      ['teacher.', 'module.teacher.backbone.'],
      ['base_encoder.', 'module/base_encoder/'],
      [''],
      ['module.', 'backbone.', 'schema.', 'encoder.', 'momentum.', 'base.'],
      ['student.', 'decoder.', 'momentum_encoder.', 'module.student.'],
    ];
    const ranks = ranked.map((prefixes) => new Set(prefixes.map(rankOf)));
    expect(ranks.map(({ size }) => size)).toEqual([1, 1, 1, 1, 1, 1]);
    const best = ranks.map(([rank]) => rank);
    expect([...best].sort((a, b) => a - b)).toEqual(best);
    expect(new Set(best).size).toBe(6);
  });

  test('has pieces, of which a name may begin with some', () => {
    expect(piecesOf('a.b/c.')).toEqual(['a.', 'b/', 'c.']);
    expect(piecesOf('')).toEqual([]);
    expect(withoutPrefix('a.b.w', 'a.b.')).toBe('w');
    expect(withoutPrefix('a.head', 'a.b.')).toBe('head');
    expect(withoutPrefix('b.head', 'a.b.')).toBe('b.head');
  });

  // Names, then of which copy they are asked to be, and of which not.
  test.each<[string, string, string, string[], string[]]>([
    ['beside each other', 'student.', 'teacher.', ['student.w', 'student.head.w'], ['teacher.w', 'w', 'head.w']],
    ['deep beside each other', 'm.n.a.x.', 'm.n.b.x.', ['m.n.a.x.w', 'm.n.a.head'], ['m.n.b.x.w', 'm.n.w', 'a.x.w']],
    ['one within the other', 'a.b.', 'a.', ['a.b.w'], ['a.w', 'a.head.b.w', 'w']],
    ['one around the other', 'a.', 'a.b.', ['a.w', 'a.head.b.w'], ['a.b.w', 'c.w', 'w.a.']],
    ['one around all', '', 'a.', ['w', 'b.w'], ['a.w']],
    ['one within all', 'a.', '', ['a.w'], ['w', 'b.a.w']],
  ])('tells copies apart: %s', (_what, other, prefix, own, others) => {
    for (const name of own) expect([name, isOfCopy(name, other, prefix)]).toEqual([name, true]);
    for (const name of others) expect([name, isOfCopy(name, other, prefix)]).toEqual([name, false]);
  }); // prettier-ignore
});

describe("names of a dialect become timm's, or it is said why not", () => {
  /** Rows of all parts, one below the other; none of other shapes than two numbers. */
  const stacked: Transform = {
    shape: (shapes) => (shapes.every(([width]) => width === 2) ? [shapes.length, 2] : undefined),
    values: (parts) => Float32Array.from(parts.flatMap(({ values }) => [...values])),
  };
  const dialect: Dialect = {
    name: 'test',
    signs: ['q'],
    rules: [
      { from: ['q', 'k'], to: 'qk', transform: stacked },
      { from: ['old'], to: 'new', transform: same },
    ],
    drops: [{ names: 'step', what: 'how long it was trained' }],
  };
  const tensor = (...values: readonly number[]): CheckpointTensor => ({
    dtype: 'F32',
    shape: [values.length],
    read: () => Promise.resolve(Float32Array.from(values)),
  });

  test('joined, by another name, or as they are', async () => {
    const old = tensor(5);
    const given = new Map([['q', tensor(1, 2)], ['old', old], ['step', tensor(9)], ['k', tensor(3, 4)], ['other', old]]);
    const { tensors, dropped } = translate('file', dialect, given);
    expect([...tensors.keys()]).toEqual(['qk', 'new', 'other']);
    expect(tensors.get('new')).toBe(old);
    expect(tensors.get('qk')!.shape).toEqual([2, 2]);
    expect(await tensors.get('qk')!.read()).toEqual(Float32Array.of(1, 2, 3, 4));
    expect(dropped).toEqual([{ name: 'step', what: 'how long it was trained' }]);
  }); // prettier-ignore

  test.each<[string, [string, CheckpointTensor][], string]>([
    ['a part alone', [['k', tensor(1, 2)]], 'holds "k", but lacks "q", without which it is nothing'],
    [
      'parts of an impossible shape',
      [['q', tensor(1, 2)], ['k', tensor(1)]],
      'holds "q" [2], "k" [1], of which no "qk" can be made',
    ],
    ['two of one name', [['old', tensor(1)], ['new', tensor(2)]], 'holds both "old" and "new", and both are "new"'],
    [
      'two of one name, one of parts',
      [['qk', tensor(1)], ['q', tensor(1, 2)], ['k', tensor(1, 2)]],
      'holds both "qk" and "q", "k", and both are "qk"',
    ],
  ])('%s', (_what, given, words) => {
    expect(() => translate('file', dialect, new Map(given))).toThrow(
      new WeightsError(`"file" ${words}; use another checkpoint.`),
    );
  }); // prettier-ignore

  test('several parts that are missing', () => {
    const three: Dialect = { ...dialect, rules: [{ from: ['a', 'b', 'c', 'd'], to: 'x', transform: stacked }] };
    expect(() => translate('file', three, new Map([['b', tensor(1, 2)], ['d', tensor(1, 2)]]))).toThrow(
      new WeightsError(
        '"file" holds "b" and "d", but lacks "a" and "c", without which it is nothing; use another checkpoint.',
      ),
    );
  }); // prettier-ignore
});
