import { expectGiven, type Expectation } from '../given.js';
import type { Tensor } from '../tensor/index.js';
import { Module } from './module.js';

const aModule: Expectation<Module> = {
  words: 'a module',
  fits: (value): value is Module => value instanceof Module,
};

const aPattern: Expectation<RegExp> = {
  words: 'a regular expression, such as /attn_drop$/',
  fits: (value): value is RegExp => Object.prototype.toString.call(value) === '[object RegExp]',
};

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
  expectGiven('record: the module', module, aModule);
  expectGiven('record: the pattern', pattern, aPattern);
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
