import { ShapeError } from '../errors.js';
import { aText, described, expectGiven, numbers } from '../given.js';
import type { Facts } from './facts.js';
import type { Operation } from './operation.js';
import { checkShape, formatShape, sizeOf, type Shape } from './shape.js';
import { Storage, type Values } from './storage.js';

/** The element types of the language. Comparisons give 0 and 1 as float32. */
export type DType = 'float32';

/**
 * A node of the graph: an operation, what it is applied to, and the shape of the result. Creating one checks
 * shapes and computes nothing; numbers exist only after a program made by `compile` has run. Tensors are
 * immutable and own no memory on a device, so there is nothing to dispose of.
 */
export class Tensor {
  readonly dtype: DType = 'float32';
  readonly shape: Shape;

  /** @throws ShapeError if there are more elements than whole numbers are exact */
  constructor(
    readonly operation: Operation,
    readonly sources: readonly Tensor[],
    shape: Shape,
  ) {
    if (!(sizeOf(shape) <= Number.MAX_SAFE_INTEGER)) {
      throw new ShapeError(
        `${operation.kind}: a tensor of shape ${formatShape(shape)} would have more elements than can be counted; ` +
          'make it smaller.',
      );
    }
    this.shape = Object.freeze([...shape]);
  }

  get rank(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }
}

/** Of what has no sources. */
export const leafFacts: Facts<'leaf'> = { acts: 'leaf', vjp: () => [] };

/** Wherever an operation takes a tensor, a plain number stands for a literal. */
export type TensorLike = Tensor | number;

/**
 * A tensor that is given anew at each run, under `name`.
 * @throws ShapeError for a name or a shape that is none
 */
export function input(name: string, shape: Shape): Tensor {
  expectGiven('input: the name', name, aText, ShapeError);
  checkShape(`input "${name}"`, shape);
  return new Tensor({ kind: 'input', name }, [], shape);
}

/**
 * A tensor whose numbers are known now. They are not copied: do not change the array afterwards.
 * @param values row-major
 * @throws ShapeError if they are no numbers, or their count is not that of the shape
 */
export function constant(values: Values | readonly number[], shape: Shape): Tensor {
  checkShape('constant', shape);
  expectGiven('constant: the list of values', values, numbers, ShapeError);
  if (values.length !== sizeOf(shape)) {
    throw new ShapeError(`constant: ${values.length} values given for shape ${formatShape(shape)}.`);
  }
  const array = ArrayBuffer.isView(values) ? values : Float64Array.from(values);
  return new Tensor({ kind: 'constant', storage: new Storage(array.length, array) }, [], shape);
}

/**
 * A number written in a formula, `[]`. Unlike a constant it is not updated and stays what it is: the compiler may build it
 * into what it makes of the formula.
 */
export function literal(value: number): Tensor {
  if (typeof value !== 'number') throw new ShapeError(`literal: ${described(value)} is no number.`);
  return new Tensor({ kind: 'literal', value }, [], []);
}

/**
 * The tensor itself, a literal for a number.
 * @throws ShapeError for anything else
 */
export function asTensor(operation: string, value: TensorLike): Tensor {
  if (typeof value === 'number') return literal(value);
  if (value instanceof Tensor) return value;
  throw new ShapeError(`${operation}: expected a tensor or a number, not ${described(value)}.`);
}

/** @throws ShapeError unless all are tensors */
export function checkTensors(operation: string, ...given: readonly unknown[]): void {
  for (const value of given) {
    if (!(value instanceof Tensor)) {
      throw new ShapeError(`${operation}: expected a tensor, not ${described(value)}.`);
    }
  }
}

/** @throws ShapeError unless it is a list of tensors */
export function checkTensorList(operation: string, given: unknown): void {
  if (!Array.isArray(given)) {
    throw new ShapeError(`${operation}: expected a list of tensors, not ${described(given)}.`);
  }
  checkTensors(operation, ...(given as readonly unknown[]));
}
