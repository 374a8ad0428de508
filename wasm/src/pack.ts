// Copies a right matrix into panels, a tile wide and contiguous.

import { PackPhase, panelWidth } from '../../src/backends/wasm/layout';
import { floatWord, word } from './words';

/** Four by four floats, turned around. */
function transposeBlock(from: u32, row: u32, factor: v128, to: u32, toRow: u32): void {
  const a = v128.load(from);
  const b = v128.load(from + row);
  const c = v128.load(from + 2 * row);
  const d = v128.load(from + 3 * row);
  const ab = i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const cd = i8x16.shuffle(c, d, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const ab2 = i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  const cd2 = i8x16.shuffle(c, d, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  const first = i8x16.shuffle(ab, cd, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
  const second = i8x16.shuffle(ab, cd, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  const third = i8x16.shuffle(ab2, cd2, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
  const fourth = i8x16.shuffle(ab2, cd2, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  v128.store(to, f32x4.mul(first, factor));
  v128.store(to + toRow, f32x4.mul(second, factor));
  v128.store(to + 2 * toRow, f32x4.mul(third, factor));
  v128.store(to + 3 * toRow, f32x4.mul(fourth, factor));
}

/**
 * Up to `panelWidth` columns of a `[depth, columns]` matrix, times `scale`, zeros behind them.
 * @param row between rows of the matrix, as `column` is between its columns
 */
export function packPanel(
  from: u32,
  row: u32,
  column: u32,
  depth: u32,
  columns: u32,
  scale: f32,
  panel: u32,
): void {
  const factor = f32x4.splat(scale);
  if (column === 4 && columns === panelWidth) {
    for (; depth > 0; depth--, from += row, panel += 4 * panelWidth) {
      v128.store(panel, f32x4.mul(v128.load(from), factor));
      v128.store(panel, f32x4.mul(v128.load(from, 16), factor), 16);
    }
    return;
  }
  const turns = row === 4 && columns === panelWidth;
  if (turns) {
    for (; depth >= 4; depth -= 4, from += 16, panel += 16 * panelWidth) {
      transposeBlock(from, column, factor, panel, 4 * panelWidth);
      transposeBlock(from + 4 * column, column, factor, panel + 16, 4 * panelWidth);
    }
  }
  for (; depth > 0; depth--, from += row, panel += 4 * panelWidth) {
    let i: u32 = 0;
    for (let at = from; i < columns; i++, at += column) store<f32>(panel + (i << 2), scale * load<f32>(at));
    for (; i < <u32>panelWidth; i++) store<f32>(panel + (i << 2), 0.0);
  }
}

export function pack(phase: u32, task: u32): void {
  const perTask = word(phase, PackPhase.panelsPerTask);
  const perMatrix = word(phase, PackPhase.panelsPerMatrix);
  const first = word(phase, PackPhase.firstPanel);
  const depth = word(phase, PackPhase.depth);
  const columns = word(phase, PackPhase.columns);
  const row = word(phase, PackPhase.row);
  const column = word(phase, PackPhase.column);
  const scale = floatWord(phase, PackPhase.scale);
  const end = min(word(phase, PackPhase.panels), (task + 1) * perTask);
  for (let i = task * perTask; i < end; i++) {
    const start = (first + (i % perMatrix)) * panelWidth;
    const from = word(phase, PackPhase.matrices + i / perMatrix) + start * column;
    const to = word(phase, PackPhase.output) + i * depth * (4 * panelWidth);
    packPanel(from, row, column, depth, min<u32>(panelWidth, columns - start), scale, to);
  }
}
