import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { evaluate } from '../support/backends.js';
import { difference, expectClose } from '../support/compare.js';
import { microModel } from '../support/models.js';
import { generator, randomValues, seed } from '../support/random.js';

/*
 * Methods of tokens and their gradients against plain loops over the same tensors, block by block.
 */
describe(`evidence of tokens (seed ${seed})`, () => {
  const { model } = microModel();
  const { classes, depth, width } = model.config;
  const { prefixTokens, grid } = model.geometry;
  const patches = grid[0] * grid[1];
  const tokens = prefixTokens + patches;
  const image = randomValues(v.sizeOf(model.inputShape), generator());
  const onehot = Array.from({ length: classes }, (_, index) => Number(index === 1));
  const pass = v.explained(
    v.forwardPass(model, v.input('image', [1, ...model.inputShape])),
    v.constant(onehot, [1, classes]),
  );
  const run = (outputs: Record<string, v.Tensor>): Promise<Record<string, v.Values>> =>
    evaluate(outputs, new v.ReferenceBackend(), { image });
  const blocks = Array.from({ length: depth }, (_, block) => block);

  /** `sum over channels of x g` for each patch. */
  const products = (x: v.Values, g: v.Values): number[] =>
    Array.from({ length: patches }, (_, patch) => {
      let sum = 0;
      for (let c = 0; c < width; c++) {
        const at = (prefixTokens + patch) * width + c;
        sum += x[at] * g[at];
      }
      return sum;
    });
  const added = (rows: readonly number[][]): number[] =>
    rows.reduce((a, b) => a.map((value, i) => value + b[i]));

  /** Tokens before and after each block, attention, and the gradients of all. */
  const parts = async () => {
    const named = pass.layers.flatMap(({ tokens: before, after, attention }, l) => [
      [`before.${l}`, before] as const,
      [`after.${l}`, after] as const,
      [`attention.${l}`, attention] as const,
    ]);
    const gradients = pass.gradient(named.map(([, tensor]) => tensor));
    return run({
      ...Object.fromEntries(named),
      ...Object.fromEntries(named.map(([name], i) => [`d.${name}`, gradients[i]])),
    });
  };

  test('ixg of each block, skipplus and fullgrad-plus without biases are sums of products', async () => {
    const found = await parts();
    const plain = blocks.map((l) => products(found[`before.${l}`], found[`d.before.${l}`]));
    const maps = await run({
      ...Object.fromEntries(blocks.map((block) => [`ixg.${block}`, v.ixg.map(pass, { block })])),
      skip: v.skipplus.map(pass, { biases: 'without' }),
      plus: v.fullgradPlus.map(pass, { biases: 'without' }),
    });
    for (const block of blocks) expectClose(maps[`ixg.${block}`], plain[block], { relative: 1e-12 });
    expect(difference(plain[0], plain[depth - 1]).relative).toBeGreaterThan(1e-3);
    expectClose(maps['plus'], added(plain), { relative: 1e-12 });
    expectClose(maps['skip'], added(plain.slice(Math.floor(depth / 2))), { relative: 1e-12 });
  });

  test('attcat and handoff weigh by attention', async () => {
    const found = await parts();
    const heads = found['attention.0'].length / tokens ** 2;
    const overHeads = (row: number, patch: number, of: (at: number) => number): number => {
      let sum = 0;
      for (let h = 0; h < heads; h++) sum += of((h * tokens + row) * tokens + prefixTokens + patch);
      return sum / heads;
    };
    const attcat = blocks.map((l) =>
      products(found[`after.${l}`], found[`d.after.${l}`]).map((value, patch) => {
        let attended = 0;
        for (let row = 0; row < tokens; row++) {
          attended += overHeads(row, patch, (at) => found[`attention.${l}`][at]) / tokens;
        }
        return value * attended;
      }),
    );
    // The class token is the query.
    const handoff = blocks.map((l) =>
      Array.from({ length: patches }, (_, patch) =>
        overHeads(0, patch, (at) => found[`attention.${l}`][at] * found[`d.attention.${l}`][at]),
      ),
    );
    const maps = await run({
      attcat: v.attcat.map(pass),
      handoff: v.handoff.map(pass),
      last: v.handoff.map(pass, { layers: [depth - 1, depth - 1] }),
    });
    expectClose(maps['attcat'], added(attcat), { relative: 1e-10 });
    expectClose(maps['handoff'], added(handoff), { relative: 1e-10 });
    expectClose(maps['last'], handoff[depth - 1], { relative: 1e-10 });
  });
});
