import { Random, sceneLabels, UsageError } from 'vitrine';
import { drawScene, planScene } from 'vitrine/train';
import { readSprites, writePng } from 'vitrine/node';
import { packages } from './packages.js';

/**
 * Draws a scene of the given classes as an example, of drawings that the model was never trained on, at a size and in
 * colours that a person likes to look at.
 */
export async function renderExample(
  classes: readonly string[],
  seed: number,
  side: number,
  file: string,
): Promise<void> {
  const chosen = classes.map((name) => {
    const index = sceneLabels.findIndex((label) => label === name);
    if (index < 0) throw new UsageError(`There is no class "${name}"; there are ${sceneLabels.join(', ')}.`);
    return index;
  });
  const sprites = await readSprites(packages, ['fluent'], 256);
  const scene = planScene(
    chosen.map((index) => sprites[index]),
    new Random(seed),
    { count: chosen.length, difficulty: 0.3 },
  );
  await writePng(file, drawScene(scene, side).picture);
}
