import type { Values } from '../tensor/index.js';

/** Numbers as devices take them, copied only if they are not that already. */
export function asFloat32(values: Values): Float32Array<ArrayBuffer> {
  // An array may come from another realm, whose constructor is another one too.
  const isFloat32 = Object.prototype.toString.call(values) === '[object Float32Array]';
  return isFloat32 ? (values as Float32Array<ArrayBuffer>) : Float32Array.from(values);
}
