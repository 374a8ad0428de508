import { tokenCount, type TokenGeometry } from '../../geometry.js';
import type { ReadAttention } from '../../pipeline/index.js';
import { floatsToBase64, toBase64 } from './base64.js';
import { companded } from './companding.js';
import { correctionsOf, limitsOf, type Discardable } from './discarding.js';
import { fused, fusionsIn, type Planes } from './fused.js';

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
  const { form, planes, prefixTokens, grid, query, layers } = attention;
  const tokens = tokenCount(attention);
  const size = layers[0].length;
  const rows = size / tokens;
  const codes = new Uint8Array(layers.length * size);
  const scales = new Float32Array(layers.length * rows);
  const read = new Float32Array(size);
  const correcting = new Correcting(attention, size);
  const [limits, corrections]: [string[][], string[][]] = [[], []];
  for (const [number, values] of layers.entries()) {
    const layer = inSinglePrecision(values);
    companded(layer, tokens, {
      codes: codes.subarray(number * size, (number + 1) * size),
      scales: scales.subarray(number * rows, (number + 1) * rows),
      read,
    });
    const found = correcting.of(layer, read);
    limits.push(found.map((each) => floatsToBase64(each.limits)));
    corrections.push(found.map((each) => toBase64(each.corrections)));
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

function inSinglePrecision(values: ReadAttention['layers'][number]): Float32Array {
  return values.BYTES_PER_ELEMENT === 4 ? (values as Float32Array) : new Float32Array(values);
}

/** Finds limits and corrections, layer after layer in the same room: memory that is new takes longer to get than what is done in it. */
class Correcting {
  readonly #exact: readonly Float32Array[];
  readonly #read: readonly Float32Array[];

  constructor(
    private readonly attention: ReadAttention,
    size: number,
  ) {
    const area = size / attention.planes.length;
    const matrices = (): Float32Array[] => fusionsIn(attention).map(() => new Float32Array(area));
    [this.#exact, this.#read] = [matrices(), matrices()];
  }

  /**
   * By fusion.
   * @param read what a page reads of the layer's codes
   */
  of(layer: Float32Array, read: Float32Array) {
    const { attention } = this;
    const { prefixTokens } = attention;
    const tokens = tokenCount(attention);
    const discardable = (matrix: Float32Array): Discardable => ({ matrix, tokens, prefixTokens });
    const asRead = fused(attention, read, this.#read);
    return fused(attention, layer, this.#exact).map((matrix, fusion) => {
      const entries = discardable(matrix);
      const exact = limitsOf(entries);
      const corrections = correctionsOf(discardable(asRead[fusion]), entries, exact, negligible / tokens);
      return { limits: exact.limits, corrections };
    });
  }
}
