import { evidenceOfPixels } from '../evidence.js';
import { define } from '../method.js';

/**
 * Gradient times input at the pixels: `sum over the channels and pixels of a patch of x dy/dx`, with x the picture as the
 * model sees it, mean and deviation taken off. To first order, what each patch contributes beside the mean colour.
 * Sources: Simonyan et al., "Deep Inside Convolutional Networks", 2014 (the gradient); Shrikumar et al., "Learning
 * Important Features Through Propagating Activation Differences", 2017, section 2.2 (times the input).
 */
export const inputGradient = define({
  name: 'input-gradient',
  explains: 'a class, by the pixels',
  source: {
    cited: 'Shrikumar et al. 2017',
    title: 'Learning Important Features Through Propagating Activation Differences',
    url: 'https://arxiv.org/abs/1704.02685',
  },
  of: 'class',
  options: () => ({}),
  shows: () => 'signed',
  map(pass) {
    const [gradient] = pass.gradient([pass.image]);
    return evidenceOfPixels(pass.image, gradient, pass.layout);
  },
});
