import { constant, multiply, reshape, subtract } from '../../tensor/index.js';
import { evidenceOfPixels } from '../evidence.js';
import { define } from '../method.js';
import { count } from '../options.js';
import { weightedSum } from '../samples.js';

/**
 * Integrated gradients: the gradient along the straight way from a picture of the mean colour, x0 = 0, to the picture x,
 *
 *   (x - x0) mean over k of dy/dx at x0 + ((k - 1/2) / steps) (x - x0)
 *
 * summed over each patch. Its whole sum is y(x) - y(x0) but for what the steps leave out, which is told as its gap.
 * Source: Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks", ICML 2017, equation 3, at the middles of
 * the steps.
 */
export const integratedGradients = define({
  name: 'integrated-gradients',
  explains: 'a class, by the pixels, along the way from grey',
  source: {
    cited: 'Sundararajan et al. 2017',
    title: 'Axiomatic Attribution for Deep Networks',
    url: 'https://arxiv.org/abs/1703.01365',
  },
  of: 'class',
  options: () => ({ steps: count(32, 'points along the way, each a forward and a backward pass') }),
  shows: () => 'signed',
  sampling: {
    count: ({ steps }) => steps,
    shape: () => [],
    values: (index, _size, { steps }) => Float32Array.of((index + 0.5) / steps),
  },
  promises(pass) {
    const { size, shape } = pass.image;
    return subtract(pass.score, pass.again(constant(new Float32Array(size), shape)).score);
  },
  map(pass, _options, samples) {
    const [batch, ...picture] = pass.image.shape;
    const [points] = samples.values.shape;
    const along = multiply(
      reshape(pass.image, [batch, 1, ...picture]),
      reshape(samples.values, [1, points, 1, 1, 1]),
    );
    const there = pass.again(reshape(along, [batch * points, ...picture]));
    const [gradient] = there.gradient([there.image]);
    return evidenceOfPixels(pass.image, weightedSum(gradient, samples), pass.layout);
  },
});
