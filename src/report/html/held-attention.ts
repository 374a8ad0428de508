import { tokenCount } from '../../geometry.js';
import { floatsFromBase64, fromBase64 } from './base64.js';
import { expanded } from './companding.js';
import { correct } from './corrections.js';
import { readSteps } from './discarding.js';
import { fused, fusionsIn, type Fusion } from './fused.js';
import type { StoredAttention } from './stored-attention.js';

/** A matrix with the step at which each entry is discarded whose key is a patch. */
interface Discarded {
  readonly matrix: Float32Array;
  readonly steps: Uint8Array;
}

/** The attention that a page holds, and what is computed from it there. */
export class HeldAttention {
  readonly tokens: number;
  /** How much each token of the last layer counts in what is classified. */
  readonly query: Float32Array;
  readonly #layers: readonly Float32Array[];
  readonly #fused = new Map<number, readonly Float32Array[]>();
  readonly #discardables = new Map<string, Discarded>();

  constructor(readonly stored: StoredAttention) {
    this.tokens = tokenCount(stored);
    this.query = floatsFromBase64(stored.query);
    const codes = fromBase64(stored.codes);
    const scales = floatsFromBase64(stored.scales);
    const [size, rows] = [codes, scales].map(({ length }) => length / stored.depth);
    this.#layers = Array.from({ length: stored.depth }, (_, layer) =>
      expanded({
        codes: codes.subarray(layer * size, (layer + 1) * size),
        scales: scales.subarray(layer * rows, (layer + 1) * rows),
      }),
    );
  }

  get fusions(): readonly Fusion[] {
    return fusionsIn(this.stored);
  }

  /** What can be looked at of a layer: its fused heads, if there are any, then its planes. */
  get views(): readonly string[] {
    const { form, planes } = this.stored;
    return form === 'heads' ? [...this.fusions, ...planes] : planes;
  }

  /** One of the views of a layer. `[rows, tokens]` */
  matrix(layer: number, view: string): Float32Array {
    const plane = this.stored.planes.indexOf(view);
    if (plane < 0) return this.#fusedOf(layer)[this.fusions.indexOf(view as Fusion)];
    const area = this.#layers[layer].length / this.stored.planes.length;
    return this.#layers[layer].subarray(plane * area, (plane + 1) * area);
  }

  /** How much what is classified attends to each token. `[tokens]` */
  fromQuery(layer: number, view: string): Float32Array {
    const matrix = this.matrix(layer, view);
    // Of this form the rows are what the query attends to.
    if (this.stored.form === 'query') return matrix;
    const result = new Float64Array(this.tokens);
    this.query.forEach((weight, row) => {
      if (weight === 0) return;
      for (let i = 0; i < this.tokens; i++) result[i] += weight * matrix[row * this.tokens + i];
    });
    return Float32Array.from(result);
  }

  /** How much a token attends to each. `[tokens]` */
  fromToken(layer: number, view: string, token: number): Float32Array {
    return this.matrix(layer, view).subarray(token * this.tokens, (token + 1) * this.tokens);
  }

  /** How much each token attends to one. `[tokens]` */
  toToken(layer: number, view: string, token: number): Float32Array {
    const matrix = this.matrix(layer, view);
    return Float32Array.from({ length: this.tokens }, (_, row) => matrix[row * this.tokens + token]);
  }

  /**
   * Attention rollout, as the method `rollout` has it, of all layers: `Ahat = rownorm(discard(fuse(A)) + I)`, and of the product of
   * these the query's row, its patches.
   * @param step how many entries are discarded: see `ratios`
   */
  rollout(fusion: Fusion, step: number): Float32Array {
    const { tokens } = this;
    const prefix = this.stored.prefixTokens;
    let row = Float64Array.from(this.query);
    for (let layer = this.stored.depth - 1; layer >= 0; layer--) {
      const { matrix, steps } = this.#discardable(layer, fusion);
      const next = new Float64Array(tokens);
      for (let i = 0, entry = 0; i < tokens; i++) {
        const [start, first] = [i * tokens, entry];
        let sum = 1;
        for (let j = 0; j < prefix; j++) sum += matrix[start + j];
        for (let j = prefix; j < tokens; j++) if (steps[entry++] > step) sum += matrix[start + j];
        if (row[i] === 0) continue;
        const weight = row[i] / sum;
        next[i] += weight;
        for (let j = 0; j < prefix; j++) next[j] += weight * matrix[start + j];
        for (let j = prefix, e = first; j < tokens; j++) {
          if (steps[e++] > step) next[j] += weight * matrix[start + j];
        }
      }
      row = next;
    }
    return Float32Array.from(row.subarray(prefix));
  }

  #fusedOf(layer: number): readonly Float32Array[] {
    const known = this.#fused.get(layer) ?? fused(this.stored, this.#layers[layer]);
    this.#fused.set(layer, known);
    return known;
  }

  #discardable(layer: number, fusion: Fusion): Discarded {
    const key = `${layer} ${fusion}`;
    const known = this.#discardables.get(key);
    if (known) return known;
    const { stored, tokens } = this;
    const place = this.fusions.indexOf(fusion);
    const matrix = this.#fusedOf(layer)[place];
    const limits = floatsFromBase64(stored.limits[layer][place]);
    const steps = readSteps({ matrix, tokens, prefixTokens: stored.prefixTokens }, limits);
    correct(steps, fromBase64(stored.corrections[layer][place]));
    const made = { matrix, steps };
    this.#discardables.set(key, made);
    return made;
  }
}
