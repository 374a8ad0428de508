import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { devices, evaluate, useBackends } from '../support/backends.js';
import { expectClose } from '../support/compare.js';
import { operationCases } from '../support/operation-cases.js';
import { productCases } from '../support/product-cases.js';
import { generator, randomValues, seed } from '../support/random.js';

describe.each(devices)(`%s agrees with reference (seed ${seed})`, (name) => {
  const backends = useBackends();
  const random = generator();
  test.each([...operationCases, ...productCases].map((entry) => [entry.name, entry] as const))(
    '%s',
    async (_, entry) => {
      const { build, range = [-2, 2], relative = 1e-6 } = entry;
      const inputs = entry.shapes.map((shape, position) => v.input(`x${position}`, shape));
      const values = Object.fromEntries(
        inputs.map((input, position) => [`x${position}`, randomValues(input.size, random, ...range)]),
      );
      const y = build(...inputs);
      const expected = await evaluate({ y }, backends.reference, values);
      const actual = await evaluate({ y }, backends[name], values);
      expect(actual.y.length).toBe(y.size);
      expectClose(actual.y, expected.y, { relative });
    },
  );
});
