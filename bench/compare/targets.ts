/**
 * What is to be reached: our median by the peer's, at most. Data, in one place; only ratios, because milliseconds
 * belong to a machine.
 */
export const targets = {
  forward: 1,
  forwardBatch8: 1,
  explanation: 1,
  wholeProcess: 1,
  wholeProcessMemory: 1,
} as const;

/**
 * PyTorch is a fair peer only with an optimised BLAS: one core with vectors multiplies at 20 GFLOP/s and more, the
 * reference BLAS at 2 to 6.
 */
export const leastProductRate = 8e9;
