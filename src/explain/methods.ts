import { UsageError } from '../errors.js';
import type { AnyMethod } from './method.js';
import { attentionGradcam } from './methods/attention-gradcam.js';
import { cheferIccv21 } from './methods/chefer-iccv21.js';
import { gradientRollout } from './methods/gradient-rollout.js';
import { rollout } from './methods/rollout.js';
import { vitExplainGradientRollout } from './methods/vit-explain-gradient-rollout.js';
import { vitExplainRollout } from './methods/vit-explain-rollout.js';

/** Every method. Commands, documents and tests are loops over this list; the first is the default. */
export const methods: readonly AnyMethod[] = [
  rollout,
  gradientRollout,
  cheferIccv21,
  attentionGradcam,
  vitExplainRollout,
  vitExplainGradientRollout,
];

/** @throws UsageError that lists the names there are */
export function findMethod(name: string): AnyMethod {
  const found = methods.find((method) => method.name === name);
  if (!found) {
    const known = methods.map((method) => method.name).join(', ');
    throw new UsageError(`There is no method "${name}"; choose one of: ${known}.`);
  }
  return found;
}
