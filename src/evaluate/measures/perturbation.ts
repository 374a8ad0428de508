import { areaUnder, type Reading } from '../curves.js';
import type { Measure } from '../measure.js';

/*
 * The perturbation test of Chefer et al.: 10, 20 ... 90 % of the pixels are made black before normalisation, by the map, and it
 * is asked whether the class is still the most probable one. The area under that accuracy.
 * Source: Chefer, Gur and Wolf, "Transformer Interpretability Beyond Attention Visualization", CVPR 2021, section 4.
 */

function accuracy(curve: readonly Reading[] | undefined): number | undefined {
  return areaUnder(curve?.map(({ isFirst }) => (isFirst === undefined ? undefined : Number(isFirst))) ?? []);
}

export const positivePerturbationMeasure: Measure = {
  name: 'perturbation+',
  better: 'lower',
  needs: 'pixels',
  help: 'how often the class stays first while the most relevant tenths of the pixels turn black',
  digits: 3,
  of: ({ pixels }) => accuracy(pixels?.mostFirst),
};

export const negativePerturbationMeasure: Measure = {
  name: 'perturbation-',
  better: 'higher',
  needs: 'pixels',
  help: 'how often the class stays first while the least relevant tenths of the pixels turn black',
  digits: 3,
  of: ({ pixels }) => accuracy(pixels?.leastFirst),
};
