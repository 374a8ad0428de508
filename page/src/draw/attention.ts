import type { InsideAnswer, ModelFacts } from '../protocol.js';

/** What of attention is looked at: of one head, or the mean of all. */
export interface HeadChoice {
  readonly block: number;
  readonly head: number | 'mean';
}

/** The attention of a block, `[tokens, tokens]`; undefined if the block is not among those that were read. */
function matrixOf(
  { blocks, tokens, attention }: InsideAnswer,
  { block, head }: HeadChoice,
): Float32Array | undefined {
  if (block < blocks[0] || block > blocks[1]) return undefined;
  const all = attention[block - blocks[0]];
  const size = tokens ** 2;
  if (head !== 'mean') return all.subarray(head * size, (head + 1) * size);
  const heads = all.length / size;
  return Float32Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let number = 0; number < heads; number++) sum += all[number * size + i];
    return sum / heads;
  });
}

type Layout = Pick<ModelFacts, 'prefixTokens' | 'grid'>;

/** Where a patch looks, and what looks at it: one value a patch each. */
export function ofPatch(
  inside: InsideAnswer,
  choice: HeadChoice,
  { prefixTokens, grid }: Layout,
  [row, column]: readonly [number, number],
): { readonly from: Float32Array; readonly to: Float32Array } | undefined {
  const matrix = matrixOf(inside, choice);
  if (!matrix) return undefined;
  const { tokens } = inside;
  const token = prefixTokens + row * grid[1] + column;
  const from = matrix.slice(token * tokens + prefixTokens, (token + 1) * tokens);
  const to = Float32Array.from(
    { length: tokens - prefixTokens },
    (_, i) => matrix[(prefixTokens + i) * tokens + token],
  );
  return { from, to };
}

/** Where that looks which the classifier reads: one value a patch. */
export function ofQuery(
  inside: InsideAnswer,
  choice: HeadChoice,
  { prefixTokens }: Layout,
): Float32Array | undefined {
  const matrix = matrixOf(inside, choice);
  if (!matrix) return undefined;
  const { tokens, query } = inside;
  const row = new Float32Array(tokens - prefixTokens);
  for (let token = 0; token < tokens; token++) {
    if (query[token] === 0) continue;
    for (let i = 0; i < row.length; i++) row[i] += query[token] * matrix[token * tokens + prefixTokens + i];
  }
  return row;
}
