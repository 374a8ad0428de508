import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { microModel } from '../support/models.js';
import { generator, randomValues, seed } from '../support/random.js';
import { allFusions, expectEqualPlans, type Outputs } from './plans.js';

/*
 * A classifier reads the class token only, so of the last block only the attention itself (if it is asked for), the
 * keys and the values are needed of every token: everything behind is one row per image, forwards and backwards.
 */
describe(`the last block is computed for the class token only (seed ${seed})`, () => {
  const { model } = microModel();
  const { width, hidden, classes, channels, patchSize, depth } = model.config;
  const images = 3;
  const tokens = v.tokenCount(model.geometry);
  const image = v.input('image', [images, ...model.inputShape]);
  // One for each image: of one for all the classifier's row would be worked out once.
  const second = v.constant(Array.from({ length: images }, () => [0, 1, 0, 0, 0]).flat(), [images, 5]);
  const pass = v.explained(v.forwardPass(model, image), second);
  const { logits } = pass;
  const attentions = pass.layers.map(({ attention }) => attention);
  const gradients = pass.gradient(attentions);
  const map = v.gradientRollout.map(pass);
  const attentionOutputs = named('attention', attentions);
  const gradientOutputs = named('gradient', gradients);

  // Multiply-adds of one image. `rows` is how many tokens come out of a part.
  const embedding = (tokens - 1) * channels * v.sizeOf(patchSize) * width;
  const queryKeyValue = tokens * width * 3 * width;
  const scores = (rows: number): number => rows * tokens * width;
  const mixing = (rows: number): number => rows * tokens * width;
  const rest = (rows: number): number => rows * width * (width + 2 * hidden);
  const head = width * classes;
  const block = queryKeyValue + scores(tokens) + mixing(tokens) + rest(tokens);

  test('forwards, the attention being an output', () => {
    const last = queryKeyValue + scores(tokens) + mixing(1) + rest(1);
    expect(v.multiplyAdds(v.buildPlan({ logits, ...attentionOutputs }))).toBe(
      images * (embedding + (depth - 1) * block + last + head),
    );
  });

  test('forwards, only the logits being asked for', () => {
    const last = queryKeyValue + scores(1) + mixing(1) + rest(1);
    expect(v.multiplyAdds(v.buildPlan({ logits }))).toBe(
      images * (embedding + (depth - 1) * block + last + head),
    );
  });

  test('backwards to the attentions', () => {
    const forward = v.multiplyAdds(v.buildPlan({ logits, ...attentionOutputs }));
    const toLastAttention = head + rest(1) + mixing(1);
    // Of the last block's query one row has a gradient; key and value have one for each token, from one row of g.
    const throughLastAttention = 2 * scores(1) + mixing(1) + queryKeyValue;
    const toFirstAttention = rest(tokens) + mixing(tokens);
    const backward = toLastAttention + throughLastAttention + toFirstAttention;
    const plan = v.buildPlan({ logits, ...attentionOutputs, ...gradientOutputs });
    expect(depth).toBe(2);
    expect(v.multiplyAdds(plan)).toBe(forward + images * backward);
  });

  const random = generator();
  const target = v.constant(randomValues(images * classes, random), [images, classes]);
  const loss = v.crossEntropy(logits, target);
  const parameters = [...model.namedParameters()].map(([, parameter]) => parameter);
  const parameterGradients = v.gradient(loss, parameters);
  const [imageGradient] = v.gradient(loss, [image]);
  const along = v.sum(v.multiply(imageGradient, v.constant(randomValues(image.size, random), image.shape)));
  const graphs: Record<string, Outputs> = {
    'logits alone': { logits },
    'attention, its gradients and the rollout': { logits, map, ...attentionOutputs, ...gradientOutputs },
    'the rollout alone': { map },
    'every gradient': { loss, imageGradient, ...named('parameter', parameterGradients) },
    'second derivatives': named('second', v.gradient(along, [image, ...parameters])),
  };
  test.each(Object.keys(graphs))('%s: the values stay', async (name) => {
    const outputs = graphs[name];
    const plain = v.buildPlan(outputs, undefined, undefined, { rewrite: false });
    const inputs = { image: randomValues(image.size, random) };
    for (const fusions of [allFusions, new Set<v.Fusion>()]) {
      await expectEqualPlans(v.buildPlan(outputs, undefined, fusions), plain, inputs);
    }
  });
});

function named(prefix: string, tensors: readonly v.Tensor[]): Outputs {
  return Object.fromEntries(tensors.map((tensor, position) => [`${prefix} ${position}`, tensor]));
}
