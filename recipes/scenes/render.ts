import { Random, sceneLabels, UsageError } from 'vitrine';
import { drawScene, planScene } from 'vitrine/train';
import { readSprites, writePng } from 'vitrine/node';
import { packages } from './packages.js';

/**
 * Draws a scene of the given classes as an example, of drawings that the model was never trained on, at a size and in
 * colours that a person likes to look at.
 * @param side in pixels
 * @throws UsageError for classes that make no scene, or a file that cannot be written
 */
export async function renderExample(
  classes: readonly string[],
  seed: number,
  side: number,
  file: string,
): Promise<void> {
  if (classes.length > 3 || new Set(classes).size < classes.length) {
    throw new UsageError('A scene has one to three objects of different classes; name each class once.');
  }
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
