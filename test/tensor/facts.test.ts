import { describe, expect, test } from '@jest/globals';
import { functions, reductions } from '../../src/backends/reference/functions.js';
import * as v from '../../src/index.js';
import { elements } from '../../src/pipeline/self-check/trials/elements.js';
import { folds } from '../../src/pipeline/self-check/trials/folds.js';
import { rows } from '../../src/pipeline/self-check/trials/rows.js';
import { evaluate } from '../support/backends.js';
import { generator, randomValues, seed } from '../support/random.js';

/* Facts are promises: what the compiler leaves out because of them must not matter. */
const random = generator();
const kinds = <K extends string>(table: Readonly<Record<K, unknown>>): K[] => Object.keys(table) as K[];

/** Sets of sources that make a function of elements 0. */
function zerosOf(kind: v.ElementFunction): (readonly number[])[] {
  const { zeros } = v.operations[kind];
  if (zeros === 'nowhere') return [];
  return 'all' in zeros ? [zeros.all] : zeros.any.map((one) => [one]);
}

const zeros = kinds(elements).flatMap((kind) => zerosOf(kind).map((sources) => [kind, sources] as const));
const neutral = kinds(elements).flatMap((kind) =>
  (v.operations[kind].neutral ?? []).flatMap((number, position) =>
    number === null ? [] : [[kind, number, position] as const],
  ),
);
/** Row operations with a source that makes elements, or whole rows, 0. */
const zeroRows = kinds(rows).flatMap((kind) => {
  const { zeros } = v.operations[kind];
  if (zeros === 'nowhere') return [];
  const of = (sources: readonly number[], what: 'an element' | 'a row') =>
    sources.map((source) => [kind, what, source] as const);
  return [...of(zeros.any, 'an element'), ...of(zeros.rows, 'a row')];
});

describe(`facts hold (seed ${seed})`, () => {
  test.each(zeros)('%s is 0 where the sources %j are', (kind, sources) => {
    const [a, b, c] = [0, 1, 2].map((position) => (sources.includes(position) ? 0 : 0.1 + random()));
    expect(Math.abs(functions[kind](a, b, c))).toBe(0);
  });

  test.each(neutral)('%s with %d as source %d is the other', (kind, number, position) => {
    const x = random();
    const [a, b] = position === 0 ? [number, x] : [x, number];
    expect(functions[kind](a, b, 0)).toBe(x);
  });

  test.each(kinds(folds))('%s of zeros is 0, and those that are skipped do not matter', (kind) => {
    const { start, fold, finish } = reductions[kind];
    const of = (...list: number[]): number =>
      finish(
        list.reduce((result, element) => fold(result, element), start),
        list.length,
      );
    expect(of(0, 0, 0)).toBe(0);
    const [a, b] = [1 + random(), 1 + random()];
    if (v.operations[kind].zeros === 'skipped') {
      for (const [x, y] of [[a, b], [-a, -b], [a, -b]]) expect(of(x, 0, y, 0)).toBe(of(x, y)); // prettier-ignore
    }
  });

  test.each(zeroRows)('%s is 0 where %s of source %d is, and there alone', async (kind, what, source) => {
    const shapes = rows[kind].shapes.find(([shape]) => shape.length === 3)!;
    const inputs = shapes.map((shape, position) => v.input(`x${position}`, shape));
    const width = shapes[source].at(-1)!;
    // One whole row of several, or every other element of all rows.
    const isZero = (at: number): boolean =>
      what === 'a row' ? Math.floor(at / width) === 1 : (at % width) % 2 === 0;
    const values: Record<string, v.Values> = {};
    inputs.forEach(({ size }, position) => {
      const given = randomValues(size, random, 0.5, 1);
      const filled = position === source ? given.map((value, at) => (isZero(at) ? 0 : value)) : given;
      values[`x${position}`] = filled;
    });
    const { y } = await evaluate({ y: rows[kind].build(...inputs) }, new v.ReferenceBackend(), values);
    y.forEach((value, at) => {
      if (isZero(at)) expect(Math.abs(value)).toBe(0);
    });
    expect(y.some((value) => value !== 0)).toBe(true);
  });
});
