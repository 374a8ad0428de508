import {
  add,
  divide,
  matmul,
  multiply,
  negate,
  relu,
  reshape,
  sum,
  type Tensor,
} from '../../tensor/index.js';
import { affinity } from '../affinity.js';
import { evidenceOfLayers, mapOfTokens, total } from '../evidence.js';
import { define } from '../method.js';
import { choice } from '../options.js';
import { libra } from '../rules/index.js';
import { handedOver } from './handoff.js';
import { sharedByClasses } from '../shared.js';
import { rollout } from './rollout.js';

const magnitude = (x: Tensor): Tensor => add(relu(x), relu(negate(x)));

/** So that a map of zeros stays one. */
const smallest = 1e-30;

/** A map whose magnitudes sum to 1. */
function normalised(map: Tensor): Tensor {
  return divide(map, add(sum(magnitude(map), { axes: [1, 2], keepDims: true }), smallest));
}

const lookedAt = sharedByClasses((pass) => rollout.map(pass));

/**
 * The map that vitrine recommends: signed evidence for the log-probability of the class, in one backward pass under the rules
 * `libra`,
 *
 *   e = skip / sum|skip| + hand / sum|hand|      skipplus without biases, and handoff
 *   spread = K e                                 averaged over patches that look alike and lie near: see `affinity`
 *   map = sign(spread) spread^2 rollout          what was not looked at cannot have counted
 *
 * Above 0 it speaks for the class, below 0 against it. It is bad at two look-alike objects close together, at detail below
 * two or three patches, at unlikely classes, and at context, which rollout damps; and no sum of it is the score.
 * Source: this project, from the parts that its own measurements found to be the best.
 */
export const recommended = define({
  name: 'recommended',
  explains: 'a class: what spoke for it and what against it',
  source: {
    cited: 'vitrine',
    title: 'Evidence under libra rules, spread among look-alikes and weighed by rollout',
  },
  of: 'class',
  rules: 'own',
  score: 'log-probability',
  options: () => ({
    form: choice(['evidence', 'spread'], 'the map itself, or its evidence before rollout weighs it'),
  }),
  shows: () => 'signed',
  map(pass, { form }) {
    const { layers, layout } = pass;
    const counted = pass.ofLogProbability().under(libra);
    const half = layers.slice(Math.floor(layers.length / 2));
    // Asked for at once, so that they are walked to at once.
    counted.gradient([...half.map(({ tokens }) => tokens), ...layers.map(({ attention }) => attention)]);
    const upper = evidenceOfLayers(counted, half);
    const evidence = add(normalised(mapOfTokens(total(upper), layout)), normalised(handedOver(counted)));
    const [batch, rows, columns] = evidence.shape;
    const column = reshape(evidence, [batch, rows * columns, 1]);
    const spread = reshape(matmul(affinity(pass), column), evidence.shape);
    if (form === 'spread') return spread;
    return multiply(multiply(spread, magnitude(spread)), lookedAt(pass));
  },
});
