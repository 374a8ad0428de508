import { ShapeError } from '../errors.js';
import { expectGiven, values as someValues } from '../given.js';
import { formatShape, sizeOf, Storage, Tensor, type Shape, type Values } from '../tensor/index.js';
import { checkShape } from '../tensor/shape.js';
import { placeName } from './place.js';

/**
 * A tensor that belongs to a module and gets its numbers from a checkpoint. Programs take the numbers it has
 * when they are compiled.
 */
export class Parameter extends Tensor {
  readonly #held: { storage: Storage };

  /** @throws ShapeError for a shape that is none */
  constructor(shape: Shape) {
    checkShape('Parameter', shape);
    const held = { storage: new Storage(undefined, () => this.#title) };
    const operation = {
      kind: 'constant',
      get storage() {
        return held.storage;
      },
    } as const;
    super(operation, [], shape);
    this.#held = held;
  }

  /** Its name, if a module that has it was applied, and its shape. */
  get #title(): string {
    const name = placeName(this);
    return `${name === undefined ? '' : `"${name}" `}of shape ${formatShape(this.shape)}`;
  }

  /** The numbers that a program takes that is compiled now. */
  get storage(): Storage {
    return this.#held.storage;
  }

  /**
   * Gives the parameter its numbers, row-major; they are not copied: do not change the array once a program is compiled.
   * Programs that are compiled afterwards compute with them, those compiled before go on with the numbers that they have.
   * @throws ShapeError if they are no numbers, or their count is not that of the shape
   */
  assign(values: Values): void {
    expectGiven('assign: the list of values', values, someValues, ShapeError);
    if (values.length !== sizeOf(this.shape)) {
      throw new ShapeError(
        `A parameter of shape ${formatShape(this.shape)} cannot hold ${values.length} values.`,
      );
    }
    // The first numbers are for plans, too, that were made before them.
    if (this.storage.values) this.#held.storage = new Storage(values);
    else this.storage.provide(values);
  }
}
