import { checkTensorList, type Tensor } from './tensor.js';

/** Every node that the outputs depend on, each after all of its sources. */
export function topologicalOrder(outputs: readonly Tensor[]): Tensor[] {
  checkTensorList('topologicalOrder', outputs);
  const order: Tensor[] = [];
  const visited = new Set<Tensor>();
  // A stack of our own: graphs with gradients are deeper than the call stack of a browser allows.
  const stack = outputs.map((tensor) => ({ tensor, ready: false })).reverse();
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { tensor, ready } = top;
    if (ready) {
      order.push(tensor);
    } else if (!visited.has(tensor)) {
      visited.add(tensor);
      stack.push({ tensor, ready: true });
      for (const source of [...tensor.sources].reverse()) stack.push({ tensor: source, ready: false });
    }
  }
  return order;
}
