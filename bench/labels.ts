import { topologicalOrder, type Module, type Tensor } from 'vitrine';
import type { Workload } from './workloads.js';

/** The parts of an explanation, in the order in which they run. */
export const parts = ['forward', 'gradient', 'rollout'] as const;

/**
 * Builds the graph of an explanation and says of each node what it belongs to: the module that it was made in, such as
 * `blocks.3.attn`; what the gradient with respect to a module's output takes, given those of the modules behind it, such
 * as `gradient at blocks.3.attn`; and for all that is left, `rollout`.
 */
export function labelled(
  model: Module,
  build: () => Workload,
): Workload & { labels: ReadonlyMap<Tensor, string> } {
  const labels = new Map<Tensor, string>();
  /** Labels what is new in `root`, which may be made of what was there `before`. */
  const label = (name: string, root: Tensor, before: readonly Tensor[] = []): void => {
    const known = new Set(topologicalOrder(before));
    for (const node of topologicalOrder([root])) {
      if (!known.has(node) && !labels.has(node)) labels.set(node, name);
    }
  };
  const gradients: (() => void)[] = [];
  const handles = [...model.namedModules()].flatMap(([path, module]) => {
    const name = path || 'model';
    return [
      module.registerForwardHook((_module, x, output) => {
        label(name, output, [x]);
        return undefined;
      }),
      module.registerFullBackwardHook((_module, gradient) => {
        gradients.push(() => {
          label(`gradient at ${name}`, gradient);
        });
      }),
    ];
  });
  const workload = build();
  for (const handle of handles) handle.remove();
  // They were handed over first module first, and each is made of those behind it.
  for (const labelGradient of gradients.reverse()) labelGradient();
  for (const output of Object.values(workload.graph)) label('rollout', output);
  return { ...workload, labels };
}

/** The part of an explanation that a step with this label belongs to. */
export function partOf(label: string): (typeof parts)[number] {
  return parts.find((part) => part === label.split(' ')[0]) ?? 'forward';
}
