import type { CheckpointTensor } from '../tensor-file.js';
import { gather, spanOf } from '../strided.js';
import { itemSize, toFloat32 } from '../values.js';
import type { TorchStorage, TorchTensor } from './vocabulary.js';

/** Bytes [begin, end) of a storage. */
export type ReadStorage = (
  storage: TorchStorage,
  begin: number,
  end: number,
) => Promise<Uint8Array<ArrayBuffer>>;

/** Of a storage only the stretch is read that the tensor touches. */
export function tensorOf(tensor: TorchTensor, read: ReadStorage): CheckpointTensor {
  const { storage, offset, shape, strides } = tensor;
  const size = itemSize[storage.dtype];
  return {
    dtype: storage.dtype,
    shape,
    read: async () => {
      const bytes = await read(storage, offset * size, (offset + spanOf(shape, strides)) * size);
      return gather(toFloat32(storage.dtype, bytes), shape, strides);
    },
  };
}
