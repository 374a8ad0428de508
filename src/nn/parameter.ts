import { ShapeError } from '../errors.js';
import { formatShape, sizeOf, Storage, Tensor, type Shape, type Values } from '../tensor/index.js';

/**
 * A tensor that belongs to a module and gets its numbers from a checkpoint. Programs take the numbers it has
 * when they are compiled.
 */
export class Parameter extends Tensor {
  readonly storage: Storage;

  constructor(shape: Shape) {
    const storage = new Storage(undefined);
    super({ kind: 'constant', storage }, [], shape);
    this.storage = storage;
  }

  /**
   * Gives the parameter its numbers, row-major; they are not copied.
   * @throws ShapeError if their count is not that of the shape
   */
  assign(values: Values): void {
    if (values.length !== sizeOf(this.shape)) {
      throw new ShapeError(
        `A parameter of shape ${formatShape(this.shape)} cannot hold ${values.length} values.`,
      );
    }
    this.storage.values = values;
  }
}
