import type { Tensor } from '../tensor/index.js';
import type { Pass } from './pass.js';

/**
 * What is the same for every class of a pass, made once for all of them: a node made again would be found to be the same, but
 * only after it was made, walked and compared.
 */
export function sharedByClasses(make: (pass: Pass) => Tensor): (pass: Pass) => Tensor {
  // Whatever is explained of it, a pass has the same layers.
  const known = new WeakMap<Pass['layers'], Tensor>();
  return (pass) => {
    const found = known.get(pass.layers) ?? make(pass);
    known.set(pass.layers, found);
    return found;
  };
}
