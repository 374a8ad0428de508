import type { ClassTarget } from '../explain/index.js';
import type { Picture } from '../image/index.js';
import type { AskedTarget } from '../pipeline/index.js';
import type { Values } from '../tensor/index.js';
import { fromPerson } from './paths.js';
import { sourcesOf } from './picture-sources.js';

/**
 * Targets with the features of the pictures that they compare with.
 * @param featuresOf what the model gives for a picture
 * @throws ImageError if such a picture cannot be read
 */
export async function withFeatures(
  asked: readonly AskedTarget[],
  featuresOf: (picture: Picture) => Promise<Values>,
): Promise<readonly ClassTarget[]> {
  const targets: ClassTarget[] = [];
  for (const target of asked) {
    if (target.kind !== 'similarity') {
      targets.push(target);
      continue;
    }
    const [source] = await sourcesOf([fromPerson(target.path)]);
    const to = await featuresOf(await source.read());
    targets.push({ kind: 'similarity', to, name: target.path });
  }
  return targets;
}
