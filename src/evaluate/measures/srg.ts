import { areaUnder } from '../curves.js';
import type { Measure } from '../measure.js';

/**
 * Symmetric relevance gain: the area between the curves of the logit, least relevant first and most relevant first. 0 for a map
 * whose order says nothing; how far a picture of missing patches is from anything that was trained on cancels in the difference.
 * Source: Bluecher, Vielhaben and Strodthoff, "Decoupling Pixel Flipping and Occlusion Strategy", TMLR 2024.
 */
export const srgMeasure: Measure = {
  name: 'srg',
  better: 'higher',
  needs: 'patches',
  help: 'area between the curves of the logit, least and most relevant patches first (symmetric relevance gain)',
  digits: 2,
  of({ patches }) {
    const [least, most] = [patches?.leastFirst, patches?.mostFirst].map((curve) =>
      areaUnder(curve?.map(({ score }) => score) ?? []),
    );
    return least === undefined || most === undefined ? undefined : least - most;
  },
};
