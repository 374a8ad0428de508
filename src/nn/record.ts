import type { Tensor } from '../tensor/index.js';
import type { Module } from './module.js';

/** What `record` returns: the result of the call, and the outputs that were asked for. */
export interface Recording {
  readonly output: Tensor;
  /** Outputs of the modules whose names matched, by name, in the order of execution. */
  readonly recorded: ReadonlyMap<string, Tensor>;
  /** What the same modules were applied to. */
  readonly inputs: ReadonlyMap<string, Tensor>;
}

/**
 * Applies a module and keeps the output of every module inside it whose name matches, through forward hooks that
 * are removed again.
 *
 * ```ts
 * const { output: logits, recorded } = record(model, image, /attn_drop$/);
 * ```
 */
export function record(module: Module, x: Tensor, pattern: RegExp): Recording {
  const recorded = new Map<string, Tensor>();
  const inputs = new Map<string, Tensor>();
  const handles = [...module.namedModules()]
    .filter(([name]) => pattern.test(name))
    .map(([name, inner]) =>
      inner.registerForwardHook((_module, given, output) => {
        recorded.set(name, output);
        inputs.set(name, given);
        return undefined;
      }),
    );
  try {
    return { output: module.call(x), recorded, inputs };
  } finally {
    for (const handle of handles) handle.remove();
  }
}
