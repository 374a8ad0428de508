import type { Operation, Storage, Tensor } from '../tensor/index.js';
import type { Updates } from './graph.js';

/** What a plan is made of, as text. */
export interface GraphText {
  /** The same for two graphs alone if their plans are the same, but for the constants. */
  readonly text: string;
  /** In the order in which the graph has them. */
  readonly constants: readonly Storage[];
}

/**
 * All that a plan depends on, a line for each node.
 * @param order every node that outputs and updates depend on, sources first
 */
export function graphText(
  order: readonly Tensor[],
  outputs: Readonly<Record<string, Tensor>>,
  updates: Updates,
  fusions: ReadonlySet<string>,
): GraphText {
  const numbers = new Map<Tensor, number>();
  const constants = new Map<Storage, number>();
  const lines = [[...fusions].sort().join()];
  for (const node of order) {
    const { operation, sources, shape } = node;
    const from = sources.map((source) => numbers.get(source)).join();
    lines.push(`${attributesIn(operation, constants)} ${from} ${shape.join()}`);
    numbers.set(node, numbers.size);
  }
  for (const [name, tensor] of Object.entries(outputs)) {
    lines.push(`${JSON.stringify(name)} is ${numbers.get(tensor)}`);
  }
  for (const [constant, value] of updates) {
    lines.push(`${numbers.get(constant)} becomes ${numbers.get(value)}`);
  }
  return { text: lines.join('\n'), constants: [...constants.keys()] };
}

/** The kind of an operation, and what else it knows. */
function attributesIn(operation: Operation, constants: Map<Storage, number>): string {
  switch (operation.kind) {
    case 'constant': {
      const { storage } = operation;
      const number = constants.get(storage) ?? constants.size;
      constants.set(storage, number);
      return `constant ${number}`;
    }
    case 'literal':
      return `literal ${numberText(operation.value)}`;
    default:
      return JSON.stringify(operation);
  }
}

/** Each number as a text of its own, -0 and those that JSON does not know included. */
export function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
