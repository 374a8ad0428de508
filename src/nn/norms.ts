import { Identity } from './identity.js';
import { LayerNorm } from './layer-norm.js';
import type { Module } from './module.js';
import { RmsNorm } from './rms-norm.js';

/** Every kind, by its name; `none` is the place of a norm, with nothing in it. */
export const norms = { layer: LayerNorm, rms: RmsNorm, none: Identity } as const;

export type NormKind = keyof typeof norms;

/** Which norm a model has, wherever it has one. */
export interface NormConfig {
  readonly norm: NormKind;
  readonly epsilon: number;
}

/** A norm over the last axis, `[..., width]`; where a model has none, the place of one. */
export function normOf(width: number, { norm, epsilon }: NormConfig, present = true): Module {
  return present ? new norms[norm](width, epsilon) : new Identity();
}
