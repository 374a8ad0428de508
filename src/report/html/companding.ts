/*
 * Attention in 8 bits. Codes are dense where values are small, as in telephony (ITU-T G.711, the curve of mu-law): between codes
 * values differ by about 2 % of themselves, those far below the largest of their row by as much less of that. So what is read
 * is off by less than a hundredth of (the value + a hundredth of the largest of its row).
 */

/** Values of the codes 0 to 255, as parts of the largest value of a row. */
export const parts = /* @__PURE__ */ partsOfCodes();

function partsOfCodes(): Float64Array {
  // By products alone, which every machine rounds alike: what was written in one process is read in another one.
  const growth = 1.01826327; // its 255th power is 101
  const curve = new Float64Array(256);
  let power = 1;
  for (let code = 0; code < 256; code++) {
    curve[code] = power - 1;
    power *= growth;
  }
  return curve.map((value) => value / curve[255]);
}

/** Values above these are nearer to the next code; there is none above the last. */
const borders = /* @__PURE__ */ Float64Array.from({ length: 256 }, (_, code) =>
  code < 255 ? (parts[code] + parts[code + 1]) / 2 : Infinity,
);

/** The smallest code that a value may have, by its part of the largest: the next one at most is nearer. */
const cells = 16384;
const first = /* @__PURE__ */ firstCodes();

function firstCodes(): Uint8Array {
  const codes = new Uint8Array(cells + 1);
  let code = 0;
  for (let cell = 0; cell <= cells; cell++) {
    while (cell / cells > borders[code]) code++;
    codes[cell] = code;
  }
  return codes;
}

/** Rows of values of at least 0 as codes. */
export interface Companded {
  readonly codes: Uint8Array;
  /** The largest value of each row. */
  readonly scales: Float32Array;
}

/**
 * @param values row by row
 * @param to where they are put, and what will be read of them, as `expanded` gives it
 */
export function companded(
  values: Float32Array,
  columns: number,
  to: Companded & { readonly read: Float32Array },
): void {
  const { codes, scales, read } = to;
  for (let row = 0; row < scales.length; row++) {
    const [start, end] = [row * columns, (row + 1) * columns];
    let largest = 0;
    for (let i = start; i < end; i++) if (values[i] > largest) largest = values[i];
    scales[row] = largest;
    // Of zeros alone, every part is 0.
    const share = largest === 0 ? 0 : 1 / largest;
    for (let i = start; i < end; i++) {
      const part = Math.min(1, values[i] * share);
      const below = first[(part * cells) | 0];
      const code = part > borders[below] ? below + 1 : below;
      codes[i] = code;
      read[i] = largest * parts[code];
    }
  }
}

/** The values that codes stand for. */
export function expanded(
  { codes, scales }: Companded,
  values: Float32Array = new Float32Array(codes.length),
): Float32Array {
  const columns = codes.length / scales.length;
  for (let row = 0; row < scales.length; row++) {
    const scale = scales[row];
    for (let i = row * columns; i < (row + 1) * columns; i++) values[i] = scale * parts[codes[i]];
  }
  return values;
}
