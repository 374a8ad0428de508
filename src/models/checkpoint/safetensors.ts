import { WeightsError } from '../../errors.js';
import { readHeader } from './header.js';
import { toFloat32 } from './values.js';
import type { Dtype } from './values.js';

/** One tensor of a checkpoint. */
export interface CheckpointTensor {
  /** The type in the file; `values` is float32 whatever it was. */
  readonly dtype: Dtype;
  /** Sizes of the axes, outermost first; `[]` is a scalar. */
  readonly shape: number[];
  /** Row-major, as many as the product of `shape`. May share memory with the file's bytes. */
  readonly values: Float32Array<ArrayBuffer>;
}

/** The contents of a safetensors file. */
export interface Checkpoint {
  /** Tensors by name, in the order of the header. */
  readonly tensors: Map<string, CheckpointTensor>;
  /** The header's `__metadata__`; empty when it has none. */
  readonly metadata: Record<string, string>;
}

/**
 * Reads a safetensors file: 8 bytes of header length, a JSON header, then the tensors without gaps.
 * Every size and offset is checked before anything is read through it.
 *
 * float32 tensors are views into `bytes` where the alignment allows it, so do not change `bytes` afterwards;
 * every other type is converted to float32. Integers beyond 2^24 and float64 values are rounded to the
 * nearest float32; BOOL becomes 0 or 1. The 8-bit and narrower float types are refused.
 *
 * @param bytes the whole file
 * @param source the file's name, for messages
 * @throws WeightsError when the file is damaged or holds a type that is not supported
 * @see https://github.com/huggingface/safetensors#format
 */
export function readSafetensors(bytes: Uint8Array<ArrayBuffer>, source: string): Checkpoint {
  const { entries, metadata, dataStart } = readHeader(bytes, source);
  const tensors = new Map<string, CheckpointTensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    const values = toFloat32(dtype, bytes.subarray(dataStart + begin, dataStart + end));
    tensors.set(name, { dtype, shape, values });
  }
  return { tensors, metadata };
}

/**
 * Makes sure that no tensor holds NaN or an infinity: one such weight makes every output NaN.
 *
 * @param source the file's name, for messages
 * @throws WeightsError that names the first such tensor, the position and the value
 */
export function assertFinite(checkpoint: Checkpoint, source: string): void {
  for (const [name, { dtype, shape, values }] of checkpoint.tensors) {
    if (allFinite(values)) continue;
    const index = values.findIndex((value) => !Number.isFinite(value));
    throw new WeightsError(
      `"${source}" holds ${values[index]} in tensor ${JSON.stringify(name)} (${dtype}, [${shape.join(', ')}], value ${index}): ` +
        `the checkpoint is damaged or was saved after training diverged, use another one.`,
    );
  }
}

/** 0·x is 0 for every finite x and NaN otherwise. Four sums, so that no addition waits for the one before. */
function allFinite(values: Float32Array): boolean {
  const fours = values.length - (values.length % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < fours; i += 4) {
    a += 0 * values[i];
    b += 0 * values[i + 1];
    c += 0 * values[i + 2];
    d += 0 * values[i + 3];
  }
  for (let i = fours; i < values.length; i++) a += 0 * values[i];
  return !Number.isNaN(a + b + c + d);
}
