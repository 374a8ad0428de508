/** What is to be reached, at most. */
export interface Target {
  /** Our median by the peer's. */
  readonly ratio?: number;
  /** What ours may be longer than that ratio of the peer's, in the measurement's unit. */
  readonly plus?: number;
  /** Our median by itself, in the measurement's unit: for what a person feels. */
  readonly most?: number;
}

/** Data, in one place; ratios wherever possible, because milliseconds belong to a machine. */
export const targets = {
  forward: { ratio: 1 },
  forwardOfSeveral: { ratio: 1 },
  explanation: { ratio: 0.5 },
  training: { ratio: 1 },
  /** Forward, attention gradients and rollout by the forward pass alone; counting multiply-adds, it is 2.06. */
  explanationByForward: { ratio: 2.3 },
  /** Against ONNX Runtime's WebGPU provider on the same driver. */
  forwardOnLavapipe: { ratio: 0.5 },
  forwardOnSwiftShader: { ratio: 0.25 },
  firstRunOnWebgpu: { ratio: 0.5 },
} satisfies Record<string, Target>;

/** What the forward pass is to reach on an adapter; nothing is promised of those that nobody has measured. */
export function forwardTargetOn(adapter: string): Target {
  if (/swiftshader/i.test(adapter)) return targets.forwardOnSwiftShader;
  return /llvmpipe|lavapipe/i.test(adapter) ? targets.forwardOnLavapipe : {};
}

/** What the whole process of an explanation is to reach: what a person feels depends on the model. */
export interface WholeProcessTargets {
  readonly wall?: Target;
  readonly memory?: Target;
  /** Of the time that the explanation itself takes in a process that runs already. */
  readonly byExplanation?: Target;
}

/** By the model's name; of others nothing is promised. */
export const wholeProcessTargets: Readonly<Partial<Record<string, WholeProcessTargets>>> = {
  deit_tiny_patch16_224: {
    wall: { ratio: 0.25, most: 600 },
    /** 220 MB. */
    memory: { most: 220e6 / 2 ** 20 },
  },
  vit_base_patch16_224: { byExplanation: { ratio: 1.6, plus: 500 } },
};

/**
 * PyTorch is a fair peer only with an optimised BLAS, which reaches more than half of what a core can do; the reference
 * BLAS reaches a fiftieth, and OpenBLAS a sixth where it does not know the processor.
 */
const leastProductShare = 0.5;

/**
 * Whether matrices are multiplied so slowly that PyTorch is no fair peer; false if one of them was not measured.
 * @param productRate operations a second in a large product, on one thread: of several, two may have one core
 * @param coreRate operations a second at best, of one core
 */
export function isSlowBlas(productRate = Infinity, coreRate = 0): boolean {
  return productRate < leastProductShare * coreRate;
}
