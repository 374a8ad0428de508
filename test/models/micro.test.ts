import { describe, test } from '@jest/globals';
import { input } from '../../src/index.js';
import { record } from '../../src/nn/index.js';
import { backendNames, evaluate, useBackends } from '../support/backends.js';
import { expectClose } from '../support/compare.js';
import { microModel } from '../support/models.js';

describe('micro vision transformer against PyTorch in float64', () => {
  const backends = useBackends();
  const { model, golden } = microModel();

  test.each(backendNames)('logits and attention on %s', async (name) => {
    const { output: logits, recorded } = record(model, input('image', [4, 3, 32, 32]), /attn_drop$/);
    const [first, second] = recorded.values();
    const result = await evaluate({ logits, first, second }, backends[name], {
      image: golden('input').values as Float32Array,
    });
    // The golden file itself is stored in float32: 6e-8 of the largest value, on any backend.
    const absolute = name === 'reference' ? 2e-7 : 2e-6;
    expectClose(result.logits, golden('logits').values, { absolute });
    expectClose(result.first, golden('attention.0').values, { absolute });
    expectClose(result.second, golden('attention.1').values, { absolute });
  });
});
