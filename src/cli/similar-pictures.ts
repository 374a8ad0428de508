import type { ClassTarget } from '../explain/index.js';
import type { AskedTarget, Explainer } from '../pipeline/index.js';
import { fromPerson } from './paths.js';
import { sourcesOf } from './picture-sources.js';

/**
 * Targets with the features of the pictures that they compare with, for each of which the program is run once.
 * @throws ImageError if such a picture cannot be read
 */
export async function withFeatures(
  asked: readonly AskedTarget[],
  explainer: Explainer,
): Promise<readonly ClassTarget[]> {
  const targets: ClassTarget[] = [];
  for (const target of asked) {
    if (target.kind !== 'similarity') {
      targets.push(target);
      continue;
    }
    const [source] = await sourcesOf([fromPerson(target.path)]);
    const ready = explainer.makeReady(await source.read());
    // Any targets: what is wanted are the features.
    const [{ logits }] = await explainer.explain([ready], [asked.map(() => ({ kind: 'norm' }))]);
    targets.push({ kind: 'similarity', to: logits, name: target.path });
  }
  return targets;
}
