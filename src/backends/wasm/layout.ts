/*
 * How programs lie in the memory that this side and the kernels in wasm/ share: words of 32 bits. Both sides are compiled
 * from this file. Addresses and distances are in bytes.
 *
 * A program is `Program`, then its phases one after the other, the last of them `Kernel.end`. A phase is work in numbered
 * tasks that need not wait for each other; the next one begins when all of them are done.
 */

export enum Program {
  /** Memory for each thread, and how much. */
  scratch,
  scratchBytes,
  phases,
}

/** What the phases of a run share: a block for each backend. */
export enum Control {
  threads,
  /** The next task of the phase. */
  next,
  /** Threads that are through with the phase. */
  arrived,
  /** How often all of them were. */
  round,
  /** Threads that sleep until the next round. */
  asleep,
  words,
}

export enum Kernel {
  end,
  map,
  softmax,
  layerNorm,
  softmaxGradient,
  layerNormGradient,
  reduce,
  largestMask,
  pack,
  product,
}

/** Every phase begins with these four words; its own follow. */
export enum Phase {
  kernel,
  tasks,
  /** The step of the plan that it belongs to. */
  step,
  /** How long it is. */
  words,
}

/**
 * The rows of several views of one shape, side by side. For each view there is an address after these words, and then for
 * each axis its extent and, for each view, its stride.
 */
export enum Walk {
  axes,
  views,
  starts,
}

/** Elements that are worth a task of their own. */
export const worthwhile = 8192;

/** Of an element-wise function; the walk's views are the output and the inputs. */
export enum MapPhase {
  name = 4,
  size,
  /** Of the last axis. */
  extent,
  outputStep,
  /** Of up to three inputs. */
  step0,
  step1,
  step2,
  walk,
}

/** Names as the plan has them. */
export enum Functions {
  copy,
  negate,
  relu,
  exp,
  log,
  sqrt,
  gelu,
  normalCdf,
  sigmoid,
  add,
  subtract,
  multiply,
  divide,
  geluGradient,
  swiGlu,
  equal,
  less,
  greater,
  where,
}

/** Of softmax, layer norm and their gradients; the walk's views are the inputs that have a row for each of the output. */
export enum RowsPhase {
  rows = 4,
  columns,
  rowsPerTask,
  /** Row-major. */
  output,
  /** A float. */
  epsilon,
  weight,
  weightStep,
  bias,
  biasStep,
  /** Of up to three views. */
  step0,
  step1,
  step2,
  walk,
}

export enum ReducePhase {
  name = 4,
  /** What is folded into one number each, and of how many numbers it is. */
  groups,
  members,
  groupsPerTask,
  output,
  /** 1 if groups lie side by side and are folded so: then the first walk is of rows of groups. */
  columns,
  /** Of the last kept axis. */
  keptExtent,
  /** Of the last folded axis. */
  extent,
  step,
  /** Where in the phase the walk of the members begins, in words: over the folded axes but the last. */
  folded,
  walk,
}

export enum Reductions {
  sum,
  mean,
  max,
  min,
}

export enum MaskPhase {
  rows = 4,
  columns,
  discarded,
  output,
  step,
  walk,
}

/** Panels of right matrices: `panelWidth` columns side by side, zeros where there are none, all rows one after the other. */
export enum PackPhase {
  /** Of all matrices together. */
  panels = 4,
  panelsPerTask,
  /** The first panel that is packed of each matrix, and how many. */
  firstPanel,
  panelsPerMatrix,
  depth,
  columns,
  row,
  column,
  /** A float. */
  scale,
  output,
  /** Of each matrix, its address. */
  matrices,
}

/** Columns of a panel, and rows of a tile of sums. */
export const panelWidth = 8;
export const tileRows = 5;

export enum ProductPhase {
  rows = 4,
  depth,
  columns,
  rowsPerTask,
  rowTasks,
  panels,
  panelsPerTask,
  panelTasks,
  leftRow,
  leftColumn,
  /** Distance of panels of the right matrix, and of rows within them. */
  panel,
  panelRow,
  outputRow,
  /** 0 if there is none. */
  bias,
  residualRow,
  /** A float. */
  scale,
  activation,
  softmax,
  matrices,
}

/** Of each matrix of a product's batch. */
export enum MatrixOf {
  left,
  right,
  /** The last panel, whose rows lie side by side wherever those of the others do. */
  lastPanel,
  output,
  /** 0 if there is none. */
  residual,
  words,
}

export enum Activations {
  none,
  gelu,
}

/** Bytes of a thread's scratch memory that kernels need, beside what depends on sizes. */
export enum Scratch {
  /** What a walk keeps: 4 views and 32 axes. */
  walk = 144,
  /** Elements that a map brings side by side at once, of each operand and of its output. */
  mapBlock = 128,
  /** Rows that a row kernel computes in, and those that it may bring side by side. */
  ownRows = 2,
  copiedRows = 5,
  /** Members that are brought side by side at once, to be folded. */
  reduceBlock = 256,
  /** Of the counts of a digit of 11 bits. */
  digits = 8192,
  /** A tile of sums. */
  tile = 160,
}
