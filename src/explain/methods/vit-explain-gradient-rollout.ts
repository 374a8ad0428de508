import { mean, multiply, relu, softmaxGradient } from '../../tensor/index.js';
import { attentionsAndGradients } from '../layers.js';
import { define } from '../method.js';
import { discardRatio } from '../options.js';
import { asTheScript, discardAnywhere, misnormalisedMap, vitExplainSource } from '../vit-explain.js';

/** Gradient rollout as the script vit-explain computes it, deviations and input included; see vit-explain.ts. */
export const vitExplainGradientRollout = define({
  name: 'vit-explain-gradient-rollout',
  explains: 'a class, for comparison with that script',
  source: vitExplainSource,
  of: 'class',
  rules: 'own',
  options: () => ({ discardRatio }),
  preprocessing: asTheScript,
  map(pass, options) {
    const layers = attentionsAndGradients(pass);
    const preSoftmax = layers.map(({ attention, gradient }) => softmaxGradient(attention, gradient));
    const matrices = layers.map(({ attention }, layer) => {
      const mispaired = preSoftmax[preSoftmax.length - 1 - layer];
      return discardAnywhere(
        relu(mean(multiply(attention, mispaired), { axes: 1 })),
        options.discardRatio,
        false,
      );
    });
    return misnormalisedMap(matrices, pass);
  },
});
