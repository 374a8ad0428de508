import type { ForwardHook, Module } from '../../nn/index.js';

/** Forward hooks by the names of the modules that they are on. */
export type Hooks = ReadonlyMap<string, ForwardHook>;

/**
 * Builds a graph while hooks are on a model, and takes them off again. Those that look at the model meanwhile, as
 * `forwardPass` does, see what the hooks return.
 * @throws UsageError if the model lacks one of the modules
 */
export function hooked<T>(model: Module, hooks: Hooks, build: () => T): T {
  const modules = [...hooks].map(([name, hook]) => [model.getModule(name), hook] as const);
  const handles = modules.map(([module, hook]) => module.registerForwardHook(hook));
  try {
    return build();
  } finally {
    for (const handle of handles) handle.remove();
  }
}
