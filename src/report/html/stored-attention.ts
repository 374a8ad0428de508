import { tokenCount, type TokenGeometry } from '../../geometry.js';
import type { ReadAttention } from '../../pipeline/index.js';
import { floatsToBase64, toBase64 } from './base64.js';
import { companded, expanded } from './companding.js';
import { correctionsOf } from './corrections.js';
import { exactSteps, limitsOf, readSteps } from './discarding.js';
import { fused, patchKeys, type Planes } from './fused.js';

/** Attention as a page holds it: what `HeldAttention` reads. Numbers are float32 as base64. */
export interface StoredAttention extends TokenGeometry, Planes {
  readonly depth: number;
  /** `[tokens]` */
  readonly query: string;
  /** Codes and the largest value of each row: see `companded`. `[depth, planes, rows, tokens]` and `[depth, planes, rows]` */
  readonly codes: string;
  readonly scales: string;
  /** By layer and fusion: see `limitsOf`. */
  readonly limits: readonly (readonly string[])[];
  /** By layer and fusion, what is to be corrected of the steps that are read: see `correctionsOf`. */
  readonly corrections: readonly (readonly string[])[];
}

/** Numbers that a page has room for, at a byte each. */
export const mostAttention = 4_000_000;

/**
 * Entries that are less than this part of what a row has on the average are not corrected where they are discarded at a ratio that
 * another one would be at: there are many of them, and all of them together count for less than what 8 bits cost.
 */
const negligible = 0.02;

export function storedAttention(attention: ReadAttention): StoredAttention {
  const { form, planes, prefixTokens, grid, query } = attention;
  const layers = attention.layers.map((layer) => new Float32Array(layer));
  const tokens = tokenCount(attention);
  const codes = new Uint8Array(layers.length * layers[0].length);
  const scales = new Float32Array(codes.length / tokens);
  const [limits, corrections]: [string[][], string[][]] = [[], []];
  for (const [number, layer] of layers.entries()) {
    const ofLayer = companded(layer, tokens);
    codes.set(ofLayer.codes, number * layer.length);
    scales.set(ofLayer.scales, number * ofLayer.scales.length);
    const asRead = fused(attention, expanded(ofLayer));
    const found = fused(attention, layer).map((matrix, fusion) => {
      const entries = patchKeys(matrix, tokens, prefixTokens);
      const exact = limitsOf(entries);
      const read = readSteps(patchKeys(asRead[fusion], tokens, prefixTokens), exact.limits);
      const wanted = exactSteps(entries, exact, negligible / tokens, read);
      return [floatsToBase64(exact.limits), toBase64(correctionsOf(read, wanted))];
    });
    limits.push(found.map(([text]) => text));
    corrections.push(found.map(([, text]) => text));
  }
  return {
    ...{ form, planes, prefixTokens, grid, depth: layers.length },
    query: floatsToBase64(query),
    codes: toBase64(codes),
    scales: floatsToBase64(scales),
    limits,
    corrections,
  };
}
