// The matrix product: tiles of five rows by two vectors of columns whose sums stay in registers. The left matrix is read
// where it lies, one number spread over a register; the right one comes in panels. Every sum runs over the depth in
// ascending order, whatever tile its element belongs to: results do not depend on how the work is cut up.

import {
  Activations,
  MatrixOf,
  panelWidth,
  ProductPhase,
  Scratch,
  tileRows,
} from '../../src/backends/wasm/layout';
import { gelu } from './functions';
import { softmaxRow } from './rows';
import { storeFirst } from './vectors';
import { at, floatWord, word } from './words';

/** A sum runs over so many products before it joins a total, because a rounding error grows with what was added up before. */
const longestRun: u32 = 48;

/**
 * The sums of one run of products.
 * @param rows up to five: of fewer, the last is computed again for those that are missing
 * @param b `length` rows of a panel, `bRow` apart
 */
function sumRun(
  a: u32,
  aRow: u32,
  aColumn: u32,
  rows: u32,
  b: u32,
  bRow: u32,
  length: u32,
  c: u32,
  cRow: u32,
): void {
  let a0 = a;
  let a1 = a0 + (rows > 1 ? aRow : 0);
  let a2 = a1 + (rows > 2 ? aRow : 0);
  let a3 = a2 + (rows > 3 ? aRow : 0);
  let a4 = a3 + (rows > 4 ? aRow : 0);
  let s00 = f32x4.splat(0.0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  let s40 = s00;
  let s41 = s00;
  for (const end = b + length * bRow; b < end; b += bRow) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const x0 = v128.load_splat<f32>(a0);
    s00 = f32x4.add(s00, f32x4.mul(x0, b0));
    s01 = f32x4.add(s01, f32x4.mul(x0, b1));
    const x1 = v128.load_splat<f32>(a1);
    s10 = f32x4.add(s10, f32x4.mul(x1, b0));
    s11 = f32x4.add(s11, f32x4.mul(x1, b1));
    const x2 = v128.load_splat<f32>(a2);
    s20 = f32x4.add(s20, f32x4.mul(x2, b0));
    s21 = f32x4.add(s21, f32x4.mul(x2, b1));
    const x3 = v128.load_splat<f32>(a3);
    s30 = f32x4.add(s30, f32x4.mul(x3, b0));
    s31 = f32x4.add(s31, f32x4.mul(x3, b1));
    const x4 = v128.load_splat<f32>(a4);
    s40 = f32x4.add(s40, f32x4.mul(x4, b0));
    s41 = f32x4.add(s41, f32x4.mul(x4, b1));
    a0 += aColumn;
    a1 += aColumn;
    a2 += aColumn;
    a3 += aColumn;
    a4 += aColumn;
  }
  // Nothing else is done with the sums here: if it is, V8 keeps them in memory, and the loop takes 1.7 times as long.
  v128.store(c, s00);
  v128.store(c, s01, 16);
  c += cRow;
  v128.store(c, s10);
  v128.store(c, s11, 16);
  c += cRow;
  v128.store(c, s20);
  v128.store(c, s21, 16);
  c += cRow;
  v128.store(c, s30);
  v128.store(c, s31, 16);
  c += cRow;
  v128.store(c, s40);
  v128.store(c, s41, 16);
}

/** Adds a tile of sums to another. */
function addTile(total: u32, sums: u32): void {
  for (const end = total + Scratch.tile; total < end; total += 32, sums += 32) {
    v128.store(total, f32x4.add(v128.load(total), v128.load(sums)));
    v128.store(total, f32x4.add(v128.load(total, 16), v128.load(sums, 16)), 16);
  }
}

/** Scale, bias, activation and residual of some sums of a row, which are then stored. */
function finish(
  scale: v128,
  activation: u32,
  sums: u32,
  bias: u32,
  residual: u32,
  output: u32,
  columns: u32,
): void {
  for (;;) {
    let x = f32x4.mul(v128.load(sums), scale);
    if (bias !== 0) x = f32x4.add(x, v128.load(bias));
    if (activation === Activations.gelu) x = gelu(x);
    if (residual !== 0) x = f32x4.add(x, v128.load(residual));
    storeFirst(output, x, min<u32>(4, columns));
    if (columns <= 4) return;
    columns -= 4;
    sums += 16;
    output += 16;
    if (bias !== 0) bias += 16;
    if (residual !== 0) residual += 16;
  }
}

export function product(phase: u32, task: u32, scratch: u32): void {
  const panelTasks = word(phase, ProductPhase.panelTasks);
  const perMatrix = word(phase, ProductPhase.rowTasks) * panelTasks;
  const matrix = at(phase, ProductPhase.matrices + (task / perMatrix) * MatrixOf.words);
  const part = task % perMatrix;
  const firstRow = (part / panelTasks) * word(phase, ProductPhase.rowsPerTask);
  const rows = min(word(phase, ProductPhase.rowsPerTask), word(phase, ProductPhase.rows) - firstRow);
  const panels = word(phase, ProductPhase.panels);
  const firstPanel = (part % panelTasks) * word(phase, ProductPhase.panelsPerTask);
  const endPanel = min(panels, firstPanel + word(phase, ProductPhase.panelsPerTask));

  const depth = word(phase, ProductPhase.depth);
  const runs = max<u32>(1, (depth + longestRun - 1) / longestRun);
  const runLength = depth / runs;
  const longer = depth % runs;
  const columns = word(phase, ProductPhase.columns);
  const leftRow: u32 = word(phase, ProductPhase.leftRow);
  const leftColumn: u32 = word(phase, ProductPhase.leftColumn);
  const outputRow: u32 = word(phase, ProductPhase.outputRow);
  const residualRow: u32 = word(phase, ProductPhase.residualRow);
  const left = word(matrix, MatrixOf.left) + firstRow * leftRow;
  const output = word(matrix, MatrixOf.output) + firstRow * outputRow;
  const bias: u32 = word(phase, ProductPhase.bias);
  const hasResidual = word(matrix, MatrixOf.residual) !== 0;
  const residual = word(matrix, MatrixOf.residual) + firstRow * residualRow;
  const scale = floatWord(phase, ProductPhase.scale);
  const more = scratch + Scratch.tile;
  const scales = f32x4.splat(scale);
  const activation = word(phase, ProductPhase.activation);
  const plain = scale === 1.0 && bias === 0 && !hasResidual && activation === Activations.none;

  for (let panel = firstPanel; panel < endPanel; panel++) {
    const isLast = panel === panels - 1;
    const right = isLast
      ? word(matrix, MatrixOf.lastPanel)
      : word(matrix, MatrixOf.right) + panel * word(phase, ProductPhase.panel);
    const rightRow: u32 = isLast ? 4 * panelWidth : word(phase, ProductPhase.panelRow);
    const column = panel * panelWidth;
    const width = min<u32>(panelWidth, columns - column);
    const biasAt = bias === 0 ? bias : bias + (column << 2);
    for (let row: u32 = 0; row < rows; row += tileRows) {
      const height = min<u32>(tileRows, rows - row);
      const direct = plain && runs === 1 && width === panelWidth && height === tileRows;
      const to = output + row * outputRow + (column << 2);
      const sums = direct ? to : scratch;
      const sumsRow: u32 = direct ? outputRow : 4 * panelWidth;
      let a = left + row * leftRow;
      let b = right;
      let length = longer > 0 ? runLength + 1 : runLength;
      sumRun(a, leftRow, leftColumn, height, b, rightRow, length, sums, sumsRow);
      for (let run: u32 = 1; run < runs; run++) {
        a += length * leftColumn;
        b += length * rightRow;
        length = run < longer ? runLength + 1 : runLength;
        sumRun(a, leftRow, leftColumn, height, b, rightRow, length, more, 4 * panelWidth);
        addTile(sums, more);
      }
      if (direct) continue;
      for (let i: u32 = 0; i < height; i++) {
        const residualAt = hasResidual ? residual + (row + i) * residualRow + (column << 2) : 0;
        finish(
          scales,
          activation,
          scratch + i * (4 * panelWidth),
          biasAt,
          residualAt,
          to + i * outputRow,
          width,
        );
      }
    }
  }
  if (word(phase, ProductPhase.softmax) === 0) return;
  for (let row: u32 = 0; row < rows; row++) {
    softmaxRow(output + row * outputRow, output + row * outputRow, columns);
  }
}
