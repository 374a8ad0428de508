import type { ByteSource } from '../byte-source.js';
import { coalesced } from '../coalesced.js';
import type { CheckpointTensor, TensorFile } from '../tensor-file.js';
import { toFloat32 } from '../values.js';
import { readHeader } from './header.js';

/**
 * Opens a safetensors file: 8 bytes of header length, a JSON header, then the tensors without gaps. The header is read,
 * and every size and offset in it checked.
 *
 * The 8-bit and narrower float types are refused.
 *
 * @throws WeightsError when the file is damaged or holds a type that is not supported
 * @see https://github.com/huggingface/safetensors#format
 */
export async function openSafetensors(source: ByteSource): Promise<TensorFile> {
  const { entries, metadata, dataStart } = await readHeader(source);
  const data = coalesced(source);
  const tensors = new Map(
    entries.map(({ name, dtype, shape, begin, end }): [string, CheckpointTensor] => [
      name,
      {
        dtype,
        shape,
        read: async () => toFloat32(dtype, await data.read(dataStart + begin, dataStart + end)),
      },
    ]),
  );
  return { source: source.name, format: 'safetensors', wrapping: [], tensors, metadata };
}
