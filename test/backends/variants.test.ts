import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as v from '../../src/index.js';
import { productVariants } from '../../src/backends/webgpu/variants.js';
import { readTuning, writeTuning } from '../../src/node/devices/tuned-variants.js';
import { openWebGPU } from '../../src/node/devices/webgpu.js';
import { evaluate } from '../support/backends.js';
import { difference } from '../support/compare.js';
import { operationCases, type OperationCase } from '../support/operation-cases.js';
import { productCases } from '../support/product-cases.js';
import { generator, randomValues, seed } from '../support/random.js';

const adapter = process.env['VITRINE_ADAPTER'];
const opened = await openWebGPU(adapter);
const [possible, usual] = [v.possibleVariants(opened.traits), opened.variants];
opened.destroy();
const reference = new v.ReferenceBackend();
const random = generator();

/** Kernels that no adapter here takes by default must be right too. */
async function expectRight(variants: v.Variants, cases: readonly OperationCase[]): Promise<void> {
  const backend = await openWebGPU(adapter, { variants });
  try {
    for (const { name, shapes, build, range = [-2, 2], relative = 1e-6 } of cases) {
      const inputs = shapes.map((shape, position) => v.input(`x${position}`, shape));
      const values = Object.fromEntries(
        inputs.map((input, position) => [`x${position}`, randomValues(input.size, random, ...range)]),
      );
      const y = build(...inputs);
      const expected = await evaluate({ y }, reference, values);
      const actual = await evaluate({ y }, backend, values);
      const { relative: found } = difference(actual.y, expected.y);
      if (!(found <= relative)) throw new Error(`${name} is off by ${found}, more than ${relative}`);
    }
  } finally {
    backend.destroy();
  }
}

describe(`every choice of kernels agrees with reference (seed ${seed})`, () => {
  // What the adapter takes by itself is tried in operations.test.ts.
  const isUsual = (name: v.ProductVariant): boolean => name === usual.product && name === usual.largeProduct;
  for (const name of productVariants.filter((name) => !isUsual(name))) {
    const isPossible = possible.products.includes(name);
    const why = isPossible ? '' : ' (the subgroups of this adapter are too small)';
    (isPossible ? describe : describe.skip)(`products by ${name}${why}`, () => {
      test('with every layout and epilogue', async () => {
        const inner = operationCases.filter((entry) => entry.name.includes('matmul'));
        await expectRight({ ...usual, product: name, largeProduct: name }, [...productCases, ...inner]);
      });
    });
  }

  test('rows', async () => {
    const cases = operationCases.filter(({ name }) => /softmax|layerNorm|sum|mean|max|min/.test(name));
    expect(possible.rows.length).toBeGreaterThan(2);
    const others = possible.rows.filter((choice) => !isDeepStrictEqual({ ...usual, ...choice }, usual));
    for (const choice of others) await expectRight({ ...usual, ...choice }, cases);
  });
});

describe('the file of measured kernels', () => {
  const tuned = {
    product: 'matmul_tiled_16',
    largeProduct: 'matmul_tiled_64',
    row: 'workgroup',
    rowLanes: 32,
    measured: '2026-01-31',
  } as const;
  let folder: string;
  let path: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vitrine-tuning-'));
    path = join(folder, 'cache', 'kernels.json');
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('keeps a choice for each adapter, readably', async () => {
    expect(await readTuning('one', path)).toBeUndefined();
    await writeTuning('one', tuned, path);
    await writeTuning('two', { ...tuned, rowLanes: 64 }, path);
    expect(await readTuning('one', path)).toEqual(tuned);
    expect(await readTuning('two', path)).toEqual({ ...tuned, rowLanes: 64 });
    expect(await readTuning('three', path)).toBeUndefined();
    const text = await readFile(path, 'utf8');
    expect(text).toContain('"product": "matmul_tiled_16",\n');
    await writeFile(path, `\ufeff${text}`);
    expect(await readTuning('one', path)).toEqual(tuned);
  });

  test.each([
    ['no JSON', '{"one": '],
    ['no object', '[1]'],
    ['a kernel that does not exist', JSON.stringify({ one: { ...tuned, product: 'matmul_fast' } })],
    ['lanes that are no power of two', JSON.stringify({ one: { ...tuned, rowLanes: 33 } })],
    ['nothing of the kind', '{"one": 5}'],
  ])('is refused with a sentence if it holds %s', async (_, text) => {
    await writeFile(path, text);
    await expect(readTuning('one', path)).rejects.toThrow(/delete it, or measure again with .*--tune"\.$/);
    await expect(readTuning('one', path)).rejects.toThrow(v.DeviceError);
  });

  test('chooses what runs', async () => {
    const backend = await openWebGPU(adapter, { variants: tuned });
    expect(backend.variants).toEqual(tuned);
    backend.destroy();
  });
});
