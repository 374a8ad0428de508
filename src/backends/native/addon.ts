/*
 * The C++ addon as JavaScript sees it (native/src/addon.cc). Its own checks are few: NativeBackend is its only caller.
 */

/** The threads and kernels that the programs of one backend share. */
export interface NativeDevice {
  /** The instruction set whose kernels run: avx512, avx2, neon or portable. */
  kernels(): string;
  memory(): { buffers: number; bytes: number };
  /** Asks for memory that constants will soon take, on a thread of its own; 0 that they will not after all. */
  foresee(bytes: number): void;
  /** Floating-point operations a second of one core, in a register-only loop of about that many milliseconds. */
  multiplyAddRate(milliseconds: number): number;
  destroy(): void;
}

/** A constant on the device, which has as many of its numbers as programs wanted of it so far, as they are or packed. */
export interface NativeConstant {
  /** Lets go of the memory, as soon as no program uses it. */
  dispose(): void;
}

/** Numbers for the constant that fills a buffer. */
export interface NativeNumbers {
  readonly buffer: number;
  readonly values: Float32Array;
  /** Whether the addon takes the array's memory over, to let go of it as soon as it can: the array is empty afterwards. */
  readonly transfer: boolean;
}

/** A plan that can run once its constants have their numbers and it is complete. */
export interface NativeProgram {
  /** The buffers of the constants that lack something that its steps read: their numbers must be given. */
  lacking(): number[];
  /** Takes of numbers what its steps read of them, off the event loop. The arrays must not change meanwhile. */
  give(numbers: readonly NativeNumbers[], done: (error: Error | undefined) => void): void;
  /** Makes it ready to run, off the event loop, when no constant lacks anything any more. */
  complete(done: (error: Error | undefined) => void): void;
  /**
   * Copies the inputs at once, runs off the event loop and, if asked, takes the times of the steps in milliseconds. One
   * run at a time.
   */
  run(
    inputs: readonly Float32Array[],
    times: Float64Array | undefined,
    done: (error: Error | undefined, outputs: Float32Array[]) => void,
  ): void;
  dispose(): void;
}

export interface NativePart {
  readonly buffer: number;
  /** In elements, as is the size. */
  readonly offset: number;
  readonly size: number;
}

/** A plan with what the addon needs to know, worked out. */
export interface NativePlan {
  /** How often a run goes through the steps; parts of inputs and outputs are of a round. */
  readonly rounds: number;
  /** Elements of each buffer; 0 for constants. */
  readonly sizes: readonly number[];
  readonly constants: readonly (NativeConstant | undefined)[];
  readonly steps: readonly object[];
  readonly inputs: readonly NativePart[];
  readonly outputs: readonly NativePart[];
  readonly updates: readonly (NativePart & { readonly constant: number })[];
}

/** What a step of a plan may name; anything else is refused when the plan is loaded. */
export interface NativeNames {
  readonly functions: readonly string[];
  readonly reductions: readonly string[];
  /** What a reduction may fold. */
  readonly made: readonly string[];
  /** Of a product's epilogue: those that the backend's fusions allow. */
  readonly activations: readonly string[];
  readonly steps: readonly string[];
}

export interface NativeAddon {
  /** @param kernels an instruction set by name; the best that the processor has if left out */
  readonly Device: new (threads: number, kernels?: string) => NativeDevice;
  readonly Constant: new (device: NativeDevice, size: number) => NativeConstant;
  readonly Program: new (device: NativeDevice, plan: NativePlan) => NativeProgram;
  /** Bytes to be filled, whatever they hold now, in large pages, which cost less to touch for the first time. */
  readonly bytes: (size: number) => ArrayBuffer;
  /** Threads begun from here on take memory from few places, of this whole process. */
  readonly fewArenas: () => void;
  readonly names: NativeNames;
}
