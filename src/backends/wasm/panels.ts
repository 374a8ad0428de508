import type { Step } from '../../compiler/plan.js';
import { floatBits, phaseWords, pieces } from './words.js';
import { Kernel, PackPhase, panelWidth, worthwhile } from './layout.js';

export type Product = Extract<Step, { kind: 'matmul' }>;

/** How a right matrix lies in its buffer, in elements. */
export interface MatrixLayout {
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** The first of a product's right matrices. */
export function rightLayout({ inputs: [, { shape, strides, offset }] }: Product): MatrixLayout {
  const [rows, columns] = shape.slice(-2);
  const [rowStride, columnStride] = strides.slice(-2);
  return { offset, rows, columns, rowStride, columnStride };
}

/** Whether all of the batch share the right matrix. */
export function isOneRight({ inputs: [, { shape, strides }] }: Product): boolean {
  return shape.slice(0, -2).every((extent, axis) => extent === 1 || strides[axis] === 0);
}

/** Bytes of a packed matrix, or of some of its panels. */
export function packedBytes(
  { rows, columns }: MatrixLayout,
  panels: number = pieces(columns, panelWidth),
): number {
  return 4 * panels * rows * panelWidth;
}

export interface Packing {
  readonly layout: MatrixLayout;
  /** Of the matrices. */
  readonly addresses: readonly number[];
  readonly output: number;
  /** What numbers are multiplied with on the way. */
  readonly scale: number;
  /** Only the last panel is wanted. */
  readonly lastOnly?: boolean;
}

/** The phase that packs some matrices. */
export function packWords({ layout, addresses, output, scale, lastOnly }: Packing, step: number): number[] {
  const all = pieces(layout.columns, panelWidth);
  const perMatrix = lastOnly ? Math.min(1, all) : all;
  const panels = addresses.length * perMatrix;
  // A panel alone is little work.
  const panelsPerTask = Math.max(1, Math.floor(worthwhile / Math.max(1, layout.rows * panelWidth)));
  return phaseWords(Kernel.pack, pieces(panels, panelsPerTask), step, {
    [PackPhase.panels]: panels,
    [PackPhase.panelsPerTask]: panelsPerTask,
    [PackPhase.firstPanel]: all - perMatrix,
    [PackPhase.panelsPerMatrix]: perMatrix,
    [PackPhase.depth]: layout.rows,
    [PackPhase.columns]: layout.columns,
    [PackPhase.row]: 4 * layout.rowStride,
    [PackPhase.column]: 4 * layout.columnStride,
    [PackPhase.scale]: floatBits(scale),
    [PackPhase.output]: output,
    [PackPhase.matrices]: addresses,
  });
}
