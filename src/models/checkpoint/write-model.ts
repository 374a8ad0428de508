import { WeightsError } from '../../errors.js';
import { ownMetadata, type OwnDescription } from '../configuration/own.js';
import type { VisionTransformer } from '../vision-transformer.js';
import { writeSafetensors } from './safetensors/write.js';

/**
 * The bytes of a file that says itself what model it holds: `loadModel({ name: FILE })` and `vitrine explain --model FILE` need
 * nothing else.
 * @param about what the model is called, how pictures become its input, and the names of its classes, if they have some
 * @throws WeightsError if a parameter has no numbers here
 */
export function writeModel(
  model: VisionTransformer,
  about: Pick<OwnDescription, 'name' | 'preprocessing' | 'labels'>,
): Uint8Array<ArrayBuffer> {
  const tensors = [...model.namedParameters()].map(
    ([
      name,
      {
        shape,
        storage: { values },
      },
    ]) => {
      if (values) return [name, { shape, values }] as const;
      throw new WeightsError(`writeModel: "${name}" has no numbers here; assign some, or read them back.`);
    },
  );
  return writeSafetensors(new Map(tensors), ownMetadata({ ...about, config: model.config }));
}
