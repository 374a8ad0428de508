import { fileURLToPath } from 'node:url';
import { loadCheckpoint } from '../models/load-checkpoint.js';
import { findModel } from '../models/registry.js';
import { VisionTransformer } from '../models/vision-transformer.js';
import { findWeights, readWeights } from './weights.js';

export interface ModelRequest {
  /** A registered model; the registry's first if left out. */
  readonly name: string;
  /** A checkpoint to use instead of searching for one. */
  readonly weights?: string | undefined;
}

export interface LoadedModel {
  readonly name: string;
  readonly model: VisionTransformer;
  /** Comma-separated synonyms of each class, by index. */
  readonly labels: readonly string[];
  /** The checkpoint it was loaded from. */
  readonly weights: { readonly path: string; readonly sha256: string };
}

/** Where the package keeps checkpoints, and where a person may put one. */
const weightsFolder = fileURLToPath(new URL('../../weights', import.meta.url));

/**
 * Builds a registered model with its weights: the given file, `weights/<name>.safetensors` of this package, the
 * Hugging Face cache, or a download, whichever comes first.
 * @throws UsageError for a name that is not registered
 * @throws WeightsError if no checkpoint can be had, or it is damaged or another model's
 */
export async function loadModel({ name, weights }: ModelRequest): Promise<LoadedModel> {
  const { config, hub, labels } = findModel(name);
  const found = await findWeights({
    model: name,
    hub,
    weightsFolder,
    ...(weights === undefined ? {} : { explicit: weights }),
  });
  const { checkpoint, sha256, path } = await readWeights(found.path);
  const model = new VisionTransformer(config);
  loadCheckpoint(model, checkpoint, path);
  return { name, model, labels, weights: { path, sha256 } };
}
