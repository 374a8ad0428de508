/** Numbers in host memory: float32 as devices hold them, or float64 where a check needs the digits. */
export type Values = Float32Array | Float64Array;

/**
 * Where a constant's numbers live. It is an object of its own, so that a backend can remember by identity what
 * it has already uploaded: other numbers are another storage.
 */
export class Storage {
  /** @param values row-major; undefined for a parameter that no checkpoint has given any */
  constructor(readonly values: Values | undefined) {}
}
