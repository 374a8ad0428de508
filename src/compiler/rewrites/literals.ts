import { UsageError } from '../../errors.js';
import { actsAs, type Storage, type Tensor } from '../../tensor/index.js';

/*
 * Scalars written into a formula, as the 0 around the gradient of a slice or the 1 / 8 of an attention, are worth
 * knowing when a graph is compiled. But an update may change any constant, and programs that were compiled before
 * would not notice. So it is kept in mind which constants are updated and which are built in at their value.
 */
const updated = new WeakSet<Storage>();
const builtIn = new WeakSet<Storage>();

/**
 * Notes that a program will change the constant.
 * @throws UsageError if an earlier program has its value built in
 */
export function noteUpdate({ operation }: Tensor): void {
  if (operation.kind !== 'constant') return;
  if (builtIn.has(operation.storage)) {
    throw new UsageError(
      'compile: this scalar constant is to be updated, but a program compiled before has its value built in; ' +
        'compile the program that updates it first.',
    );
  }
  updated.add(operation.storage);
}

/** The number that every element is, if the tensor is an expanded scalar that nothing updates; it is built in. */
export function literalValue(tensor: Tensor): number | undefined {
  const storage = scalarStorage(tensor);
  if (storage?.values) builtIn.add(storage);
  return storage?.values?.[0];
}

/** Whether every element is this number, for good. */
export function isLiteral(tensor: Tensor, value: number): boolean {
  return scalarStorage(tensor)?.values?.[0] === value && literalValue(tensor) === value;
}

function scalarStorage(tensor: Tensor): Storage | undefined {
  let node = tensor;
  while (actsAs(node.operation, 'view')) [node] = node.sources;
  const { operation, rank } = node;
  if (operation.kind !== 'constant' || rank > 0 || updated.has(operation.storage)) return undefined;
  return operation.storage;
}
