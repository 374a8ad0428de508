import { combinedAttention, explained, type Pass } from '../explain/index.js';
import { gradientRollout } from '../explain/methods.js';
import { add, divide, greater, mean, multiply, reshape, sum, type Tensor } from '../tensor/index.js';

/** What can be guided, by its name: maps of at least 0 of what is classified. `[batch, gridRows, gridColumns]` */
export const guides = {
  /** Of what a picture shows: the gradient is part of the map, so that learning from it takes second derivatives. */
  'gradient-rollout': (pass, labels) => gradientRollout.map(explained(pass, labels)),
  attention: (pass) => combinedAttention(pass),
} as const satisfies Record<string, (pass: Pass, labels: Tensor) => Tensor>;

export type GuideKind = keyof typeof guides;
export const guideKinds = Object.keys(guides) as GuideKind[];

/** So that a map of zeros lies nowhere: what maps sum to may be small. */
const smallest = 1e-12;

/**
 * Asks a map to lie where the object is: the share of it that does not, the mean over the batch. Pictures without a mask add
 * nothing, and a map of zeros lies outside.
 * Source: Ross, Hughes and Doshi-Velez, "Right for the Right Reasons", 2017, section 3, which asks it of the gradient of the input;
 * the share is that by which SMM measures.
 * @param labels of what is shown, as a distribution. `[batch, classes]`
 * @param masks the share of each patch that is the object; zeros where it is not known. `[batch, patches]`
 */
export function guideLoss(kind: GuideKind, pass: Pass, labels: Tensor, masks: Tensor): Tensor {
  const map = reshape(guides[kind](pass, labels), masks.shape);
  const over = (x: Tensor): Tensor => sum(x, { axes: 1 });
  const inside = divide(over(multiply(map, masks)), add(over(map), smallest));
  const isKnown = greater(over(masks), 0);
  return mean(multiply(isKnown, add(1, multiply(inside, -1))));
}
