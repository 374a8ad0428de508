import type { Dtype } from './values.js';

/** A tensor in a file: what it is called, is of and measures is known, its numbers are read when they are asked for. */
export interface CheckpointTensor {
  /** The type in the file; what is read is float32 whatever it was. */
  readonly dtype: Dtype;
  /** Sizes of the axes, outermost first; `[]` is a scalar. */
  readonly shape: readonly number[];
  /**
   * The numbers, row-major, as many as the product of `shape`. Integers beyond 2^24 and float64 are rounded to the nearest
   * float32; a boolean is 0 or 1. If they are a part of their buffer, they may share it with those of other tensors.
   * @throws WeightsError if the file cannot be read any more
   */
  read(): Promise<Float32Array<ArrayBuffer>>;
}

/** The tensors of a file, under the names that it has for them. */
export interface TensorFile {
  /** The file's name, for messages. */
  readonly source: string;
  /** For people. */
  readonly format: 'safetensors' | 'PyTorch' | 'PyTorch, as before version 1.6' | 'NumPy';
  /** The keys under which the file has the tensors, outermost first; mostly none. */
  readonly wrapping: readonly string[];
  /** In the order of the file. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** What else the file says, such as the `__metadata__` of a safetensors file; mostly empty. */
  readonly metadata: Readonly<Record<string, string>>;
}
