import { concat, expand, literal, slice, Tensor, type Operation, type Shape } from '../../tensor/index.js';
import { LiteralMap } from '../literal-map.js';
import type { Box } from './box.js';

/** The nodes of a graph that is being rewritten: of those that compute the same, one is kept. */
export class Nodes {
  /** The nodes kept, by a hash of what they compute. */
  private readonly kept = new Map<number, Tensor[]>();
  private readonly numbers = new Map<Tensor, number>();
  private readonly literals = new LiteralMap<Tensor>();
  private label: string | undefined;

  /** @param labels of the nodes of the old graph; new nodes are added */
  constructor(private readonly labels: Map<Tensor, string>) {}

  /** What is made from here on takes the place of this node, and inherits its label. */
  replace(node: Tensor): void {
    this.label = this.labels.get(node);
  }

  /** The node itself, or the one kept before that applies the same operation to the same sources. */
  keep(node: Tensor): Tensor {
    const kept = this.find(node);
    if (this.label !== undefined && !this.labels.has(kept)) this.labels.set(kept, this.label);
    return kept;
  }

  make(operation: Operation, sources: readonly Tensor[], shape: Shape): Tensor {
    return this.keep(new Tensor(operation, sources, shape));
  }

  expand(x: Tensor, shape: Shape): Tensor {
    return this.keep(expand(x, shape));
  }

  /** The same elements under another shape. */
  reshape(x: Tensor, shape: Shape): Tensor {
    const source = x.operation.kind === 'reshape' ? x.sources[0] : x;
    const same = source.rank === shape.length && source.shape.every((extent, axis) => extent === shape[axis]);
    return same ? source : this.make({ kind: 'reshape' }, [source], shape);
  }

  /** The elements of a box, counted from the tensor's own start. */
  cut(x: Tensor, box: Box): Tensor {
    return box.reduce((rest, [start, end], axis) => this.keep(slice(rest, axis, start, end)), x);
  }

  /** A tensor that lies at `inner` in a box `outer`, filled up with zeros. */
  pad(x: Tensor, inner: Box, outer: Box): Tensor {
    return inner.reduce((part, [start, end], axis) => {
      const [first, last] = outer[axis];
      const zeros = (extent: number): Tensor[] =>
        extent > 0 ? [this.zeros(part.shape.with(axis, extent))] : [];
      return this.concat([...zeros(start - first), part, ...zeros(last - end)], axis);
    }, x);
  }

  concat(parts: readonly Tensor[], axis: number): Tensor {
    return this.keep(concat(parts, axis));
  }

  zeros(shape: Shape): Tensor {
    return this.expand(this.literal(0), shape);
  }

  literal(value: number): Tensor {
    return this.literals.of(value, literal);
  }

  private find(node: Tensor): Tensor {
    if (node.operation.kind === 'literal') return this.literals.of(node.operation.value, () => node);
    // Other leaves are what they are by identity: two constants with the same numbers may be updated apart.
    if (node.sources.length === 0 || this.numbers.has(node)) return node;
    const hash = this.hash(node);
    const others = this.kept.get(hash);
    const same = others?.find((other) => computesSame(other, node));
    if (same) return same;
    if (others) others.push(node);
    else this.kept.set(hash, [node]);
    this.number(node);
    return node;
  }

  private hash({ operation, sources, shape }: Tensor): number {
    let hash = operation.kind.length;
    for (const source of sources) hash = (Math.imul(hash, 31) + this.number(source)) | 0;
    // Slices of one source differ in nothing else.
    if (operation.kind === 'slice') hash = (Math.imul(hash, 31) + operation.start) | 0;
    for (const extent of shape) hash = (Math.imul(hash, 31) + extent) | 0;
    return hash;
  }

  private number(node: Tensor): number {
    let number = this.numbers.get(node);
    if (number === undefined) {
      number = this.numbers.size;
      this.numbers.set(node, number);
    }
    return number;
  }
}

function computesSame(a: Tensor, b: Tensor): boolean {
  return (
    sameElements(a.sources, b.sources) &&
    sameElements(a.shape, b.shape) &&
    sameOperation(a.operation, b.operation)
  );
}

function sameElements(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((element, position) => element === b[position]);
}

function sameOperation(a: Operation, b: Operation): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  const [one, other]: Readonly<Record<string, unknown>>[] = [a, b];
  return Object.keys(one).every((name) =>
    Array.isArray(one[name]) ? sameElements(one[name], other[name] as unknown[]) : one[name] === other[name],
  );
}
