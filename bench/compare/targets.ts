/** What is to be reached, at most. */
export interface Target {
  /** Our median by the peer's. */
  readonly ratio?: number;
  /** Our median by itself, in the measurement's unit: for what a person feels. */
  readonly most?: number;
}

/** Data, in one place; ratios wherever possible, because milliseconds belong to a machine. */
export const targets = {
  forward: { ratio: 1 },
  forwardBatch8: { ratio: 1 },
  explanation: { ratio: 0.5 },
  training: { ratio: 1 },
  /** Forward, attention gradients and rollout by the forward pass alone; counting multiply-adds, it is 2.06. */
  explanationByForward: { ratio: 2.3 },
  /** Against ONNX Runtime's WebGPU provider on the same driver. */
  forwardOnLavapipe: { ratio: 0.5 },
  forwardOnSwiftShader: { ratio: 0.25 },
  firstRunOnWebgpu: { ratio: 0.5 },
  wholeProcess: { ratio: 0.25, most: 600 },
  /** 220 MB. */
  wholeProcessMemory: { most: 220e6 / 2 ** 20 },
} satisfies Record<string, Target>;

/** What the forward pass is to reach on an adapter; nothing is promised of those that nobody has measured. */
export function forwardTargetOn(adapter: string): Target {
  if (/swiftshader/i.test(adapter)) return targets.forwardOnSwiftShader;
  return /llvmpipe|lavapipe/i.test(adapter) ? targets.forwardOnLavapipe : {};
}

/**
 * PyTorch is a fair peer only with an optimised BLAS: one core with vectors multiplies at 20 GFLOP/s and more, the
 * reference BLAS at 2 to 6.
 */
export const leastProductRate = 8e9;
