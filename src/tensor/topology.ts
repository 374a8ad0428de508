import { checkTensorList, type Tensor } from './tensor.js';

/** Every node that the outputs depend on, each after all of its sources. */
export function topologicalOrder(outputs: readonly Tensor[]): Tensor[] {
  checkTensorList('topologicalOrder', outputs);
  const order: Tensor[] = [];
  const visited = new Set<Tensor>();
  // A stack of our own: graphs with gradients are deeper than the call stack of a browser allows.
  const stack: Tensor[] = [];
  /** Of each tensor on the stack, how many of its sources have been looked at. */
  const looked: number[] = [];
  const visit = (tensor: Tensor): void => {
    visited.add(tensor);
    stack.push(tensor);
    looked.push(0);
  };
  for (const output of outputs) {
    if (!visited.has(output)) visit(output);
    while (stack.length > 0) {
      const top = stack.length - 1;
      const { sources } = stack[top];
      if (looked[top] < sources.length) {
        const source = sources[looked[top]++];
        if (!visited.has(source)) visit(source);
      } else {
        order.push(stack.pop()!);
        looked.pop();
      }
    }
  }
  return order;
}
