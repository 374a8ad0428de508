import { WeightsError } from '../../errors.js';
import type { PatchGrid } from '../../geometry.js';
import { resamplePositions } from '../positions.js';
import { completed, sizesOf, type Extent } from '../vision-transformer-config.js';
import type { VisionTransformer } from '../vision-transformer.js';
import type { CheckpointTensor, TensorFile } from './tensor-file.js';

/**
 * A checkpoint whose positions are those of the model's grid: resampled where it was trained at another.
 * @param trainedSize of the input that the checkpoint was trained with, if it is known; if it is not, or makes another number of
 *   patches, a square is taken for granted
 * @throws WeightsError if the positions are those of no grid that could be meant
 */
export function atGridOf<File extends Pick<TensorFile, 'source' | 'tensors'>>(
  { geometry, config }: Pick<VisionTransformer, 'geometry' | 'config'>,
  checkpoint: File,
  trainedSize?: Extent,
): File {
  const { grid } = geometry;
  const trained = trainedSize && sizesOf({ ...completed(config), imageSize: trainedSize }).grid;
  const prefix = config.prefixPositions ? geometry.prefixTokens : 0;
  const positions = checkpoint.tensors.get('pos_embed');
  if (positions?.shape.length !== 3) return checkpoint;
  const [one, count, width] = positions.shape;
  const isTrained = trained && trained[0] * trained[1] === count - prefix;
  const old = isTrained ? trained : squareOf(count - prefix, grid);
  if (!old) {
    throw new WeightsError(
      `"${checkpoint.source}" has ${count - prefix} positions of patches, which are those of no grid that is known; ` +
        'use a checkpoint of this model.',
    );
  }
  if (old[0] === grid[0] && old[1] === grid[1]) return checkpoint;
  const resampled: CheckpointTensor = {
    dtype: positions.dtype,
    shape: [one, prefix + grid[0] * grid[1], width],
    read: async () => new Float32Array(resamplePositions(await positions.read(), old, grid, prefix)),
  };
  return { ...checkpoint, tensors: new Map(checkpoint.tensors).set('pos_embed', resampled) };
}

/** The model's own grid if it has as many patches, else a square. */
function squareOf(patches: number, grid: PatchGrid): PatchGrid | undefined {
  if (grid[0] * grid[1] === patches) return grid;
  const side = Math.sqrt(patches);
  return Number.isInteger(side) && side > 0 ? [side, side] : undefined;
}
