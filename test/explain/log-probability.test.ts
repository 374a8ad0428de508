import { describe, expect, test } from '@jest/globals';
import * as v from '../../src/index.js';
import { evaluate } from '../support/backends.js';
import { difference, expectClose } from '../support/compare.js';
import { microModel } from '../support/models.js';
import { generator, randomValues, seed } from '../support/random.js';

describe(`log-probabilities in the place of logits (seed ${seed})`, () => {
  const { model } = microModel();
  const { classes } = model.config;
  const reference = new v.ReferenceBackend();
  const image = randomValues(v.sizeOf(model.inputShape), generator());
  const pass = v.forwardPass(model, v.input('image', [1, ...model.inputShape]));
  const seeded = (values: readonly number[]): v.Explained =>
    v.explained(pass, v.constant(values, [1, classes]));
  const onehot = Array.from({ length: classes }, (_, index) => Number(index === 2));
  const ofClass = seeded(onehot);

  test('their score and their seed are those of the softmax', async () => {
    const {
      score,
      seed: found,
      logits,
    } = await evaluate(
      { score: ofClass.ofLogProbability().score, seed: ofClass.ofLogProbability().seed, logits: pass.logits },
      reference,
      { image },
    );
    const exponentials = Array.from(logits, Math.exp);
    const total = exponentials.reduce((a, b) => a + b);
    const probabilities = exponentials.map((value) => value / total);
    expect(score[0]).toBeCloseTo(Math.log(probabilities[2]), 12);
    expectClose(
      found,
      probabilities.map((p, index) => onehot[index] - p),
      { absolute: 1e-14 },
    );
  });

  test('of a contrast they are what logits are; of features and of one class too', async () => {
    const contrast = seeded(onehot.map((value, index) => value - Number(index === 0)));
    const { plain, logarithm } = await evaluate(
      { plain: contrast.seed, logarithm: contrast.ofLogProbability().seed },
      reference,
      { image },
    );
    expectClose(logarithm, plain, { absolute: 1e-14 });
    const features = v.explained(pass, ofClass.seed, { features: true });
    expect(features.ofLogProbability().seed).toBe(ofClass.seed);
    const single = new v.VisionTransformer({ ...model.config, classes: 1 });
    const one = v.forwardPass(single, v.input('image', [1, ...model.inputShape]));
    const scored = v.explained(one, v.constant([1], [1, 1]));
    expect(scored.ofLogProbability().seed).toBe(scored.seed);
  });

  test('where the probability is nearly 1, the digits of what is left are kept', async () => {
    const logits = v.input('logits', [1, 3]);
    const sure = v.explained({ ...pass, logits }, v.constant([1, 0, 0], [1, 3])).ofLogProbability();
    const given = Float32Array.of(20, 0, 1);
    const { seed: found } = await evaluate({ seed: sure.seed }, reference, { logits: given });
    const rest = Math.exp(-20) + Math.exp(-19);
    expect(found[0] / (rest / (1 + rest))).toBeCloseTo(1, 12);
  });

  // The first picture is always the same one, whose maps are none of them zero: of any other, a map that keeps the
  // positive part may be zero for both targets.
  const two = v.forwardPass(model, v.input('image', [2, ...model.inputShape]));
  const pictures = Float32Array.of(
    ...randomValues(v.sizeOf(model.inputShape), generator(1)),
    ...randomValues(v.sizeOf(model.inputShape), generator()),
  );
  const ofBoth = (values: readonly number[]): v.Explained =>
    v.explained(two, v.constant(values, [2, classes]));

  test.each(
    v
      .findMethods('all')
      .filter(({ of, score }) => of === 'class' && score === undefined)
      .map((method) => [method.name, method] as const),
  )('%s takes the seed as it is, however it came about', async (_, method) => {
    const logits = ofBoth([...onehot, ...onehot]);
    const images = { image: pictures };
    const { seed: numbers } = await evaluate({ seed: logits.ofLogProbability().seed }, reference, images);
    const { computed, given, logit } = await evaluate(
      {
        computed: method.map(logits.ofLogProbability() as never),
        given: method.map(ofBoth(Array.from(numbers)) as never),
        logit: method.map(logits as never),
      },
      reference,
      images,
    );
    // A constant is float32.
    const largest = Math.max(...given.map(Math.abs), 1e-9);
    expectClose(computed, given, { absolute: 1e-5 * largest });
    const first = (values: ArrayLike<number>): number[] => Array.from(values).slice(0, values.length / 2);
    expect(difference(first(computed), first(logit)).absolute).toBeGreaterThan(0);
  });
});
