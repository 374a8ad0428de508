import { panelWidth, tileRows } from './layout.js';
import { pieces } from './words.js';

/** Floats of the left matrix that are read again for each panel: 64 KB, in the second cache beside the results. */
const leftInCache = 16384;
/** With fewer rows than this, copying the right matrix into panels costs more than it saves. */
const rowsWorthPacking = 8;
/** Multiply-adds that are worth handing to another thread: some microseconds. */
const worthwhileProduct = 2 ** 18;
/** So many tasks for each thread. */
const tasksPerThread = 16;

/** What a plan depends on. */
export interface ProductSize {
  readonly batch: number;
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
  /** Whether the right matrix was packed when the program was loaded. */
  readonly rightIsPacked: boolean;
  /** Whether the right matrix has its columns side by side, and its rows one after the other: they are no copies of one. */
  readonly rightIsRowMajor: boolean;
  /** Whether a row must be finished by the task that began it. */
  readonly wholeRows: boolean;
}

/** How a matrix product is cut into tasks, and where panels of the right matrix are read. */
export interface ProductPlan {
  /**
   * In a constant's pack; in a copy that is made before; or where the matrix lies, but for the last panel, which vectors
   * would overrun.
   */
  readonly right: 'constant' | 'before' | 'inPlace';
  readonly panels: number;
  readonly panelsPerTask: number;
  readonly panelTasks: number;
  readonly rowsPerTask: number;
  readonly rowTasks: number;
}

export function planProduct(size: ProductSize, threads: number): ProductPlan {
  const panels = pieces(size.columns, panelWidth);
  const inPlace = size.rows < rowsWorthPacking && size.rightIsRowMajor;
  const cut = size.wholeRows ? cutWholeRows(size, panels) : cutFreely(size, panels, threads);
  const rowsPerTask = tileRows * pieces(cut.rows, tileRows);
  return {
    right: size.rightIsPacked ? 'constant' : inPlace ? 'inPlace' : 'before',
    panels,
    panelsPerTask: cut.panels,
    panelTasks: pieces(panels, cut.panels),
    rowsPerTask,
    rowTasks: pieces(size.rows, rowsPerTask),
  };
}

/** Rows and panels of a task. */
interface Cut {
  readonly rows: number;
  readonly panels: number;
}

function cutWholeRows({ depth, columns }: ProductSize, panels: number): Cut {
  return { rows: Math.max(8, Math.floor(worthwhileProduct / Math.max(1, depth * columns))), panels };
}

function cutFreely({ batch, rows, depth, columns }: ProductSize, panels: number, threads: number): Cut {
  const mostRows = Math.max(4 * tileRows, Math.floor(leftInCache / Math.max(1, depth)));
  const blocks = pieces(rows, mostRows);
  const perBlock = pieces(rows, blocks);
  // One thread waits for nobody. Of several none may wait long for the last, but a task should be worth its while.
  const work = Math.floor((batch * rows * depth * columns) / worthwhileProduct);
  const wanted = threads === 1 ? 1 : Math.min(tasksPerThread * threads, work);
  const perTask = Math.max(1, Math.floor(panels / Math.max(1, pieces(wanted, batch * blocks))));
  const tasks = batch * blocks * pieces(panels, perTask);
  return { rows: tasks < wanted ? pieces(perBlock, pieces(wanted, tasks)) : perBlock, panels: perTask };
}
