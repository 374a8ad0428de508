/*
 * What a thread does that runs programs: the same on every platform. How it is started and how it hears is up to the host.
 */

/** The kernels, on a memory. */
export interface Kernels {
  run(program: number, control: number, thread: number, times: number): void;
}

/** What a thread is told: to begin, once, and then to run programs one after the other. */
export type Order =
  | {
      readonly kind: 'begin';
      readonly module: WebAssembly.Module;
      readonly memory: WebAssembly.Memory;
      /** Where the block lies that threads share. */
      readonly control: number;
      readonly thread: number;
    }
  | { readonly kind: 'run'; readonly programs: readonly number[]; readonly times: number };

/** What a thread answers to each: nothing, or why it could not. */
export interface Answer {
  readonly failure?: string;
}

/** Kernels on a memory. */
export async function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<Kernels> {
  const words = (): Int32Array => new Int32Array(memory.buffer);
  const imports = {
    env: { memory },
    main: { now: () => performance.now() },
    threads: {
      sleep: (address: number, expected: number) => Atomics.wait(words(), address >>> 2, expected),
      wake: (address: number) => Atomics.notify(words(), address >>> 2),
    },
  };
  const { exports } = await WebAssembly.instantiate(module, imports);
  return exports as unknown as Kernels;
}

/**
 * Takes orders in a thread.
 * @param answer tells whoever gave the order
 * @returns what to call with each order
 */
export function serveThread(answer: (answer: Answer) => void): (order: Order) => Promise<void> {
  let begun: { kernels: Kernels; control: number; thread: number } | undefined;
  return async (order) => {
    try {
      if (order.kind === 'begin') {
        const { module, memory, control, thread } = order;
        begun = { kernels: await instantiate(module, memory), control, thread };
      } else {
        const { kernels, control, thread } = begun!;
        for (const program of order.programs) kernels.run(program, control, thread, order.times);
      }
      answer({});
    } catch (error) {
      answer({ failure: String(error) });
    }
  };
}
