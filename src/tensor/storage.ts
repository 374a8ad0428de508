/** Numbers in host memory: float32 as devices hold them, or float64 where a check needs the digits. */
export type Values = Float32Array | Float64Array;

/**
 * Where a constant's numbers live. It is an object of its own, so that a backend can remember by identity what
 * it has already uploaded, and so that a parameter may be created before its checkpoint is read.
 */
export class Storage {
  /** @param values row-major; undefined until a checkpoint provides them */
  constructor(public values: Values | undefined) {}
}
