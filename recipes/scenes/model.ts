import { fileURLToPath } from 'node:url';
import { demoModel, findModel, loadCheckpoint, VisionTransformer, type ModelEntry } from 'vitrine';
import { findWeights, readWeights } from 'vitrine/node';

/** Where "npm ci" in the folder `sprites` puts the drawings. */
export const packages = fileURLToPath(new URL('../sprites/node_modules', import.meta.url));

/** The shipped model, or another checkpoint of its kind. */
export async function openSceneModel(
  file: string | undefined,
): Promise<{ model: VisionTransformer; entry: ModelEntry }> {
  const entry = findModel(demoModel.name);
  const weightsFolder = fileURLToPath(new URL('../../../weights', import.meta.url));
  const found = await findWeights({ model: entry.name, explicit: file, weightsFolder });
  const { checkpoint, path } = await readWeights(found.path);
  const model = new VisionTransformer(entry.config);
  loadCheckpoint(model, checkpoint, path);
  return { model, entry };
}
