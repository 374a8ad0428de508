import { ShapeError } from '../errors.js';
import { aFunction, expectGiven, values as someValues, type Expectation } from '../given.js';
import {
  formatShape,
  sizeOf,
  Storage,
  Tensor,
  type Shape,
  type Values,
  type ValuesSource,
} from '../tensor/index.js';
import { checkShape } from '../tensor/shape.js';
import { placeName } from './place.js';

const valuesOrSource: Expectation<Values | ValuesSource> = {
  words: `${someValues.words}, or a function that reads them`,
  fits: (value): value is Values | ValuesSource => someValues.fits(value) || aFunction.fits(value),
};

/**
 * A tensor that belongs to a module and gets its numbers from a checkpoint. Programs take the numbers it has
 * when they are compiled.
 */
export class Parameter extends Tensor {
  readonly #held: { storage: Storage };

  /** @throws ShapeError for a shape that is none */
  constructor(shape: Shape) {
    checkShape('Parameter', shape);
    const held = { storage: new Storage(sizeOf(shape), undefined, () => this.#title) };
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
   *
   * Numbers that are too many to be held beside the copies that backends make may be given as a function that reads them, the
   * same each time, into an array that is the backend's to empty. It is called when a backend takes its copy; what it throws,
   * `compile` is rejected with.
   * @throws ShapeError if they are no numbers, or their count is not that of the shape
   */
  assign(numbers: Values | ValuesSource): void {
    expectGiven('assign: the list of values', numbers, valuesOrSource, ShapeError);
    const checked = typeof numbers === 'function' ? this.#checkedSource(numbers) : this.#checked(numbers);
    // The first numbers are for plans, too, that were made before them.
    if (this.storage.isGiven) this.#held.storage = new Storage(this.size, checked);
    else this.storage.provide(checked);
  }

  #checked(values: Values): Values {
    if (values.length === this.size) return values;
    throw new ShapeError(
      `A parameter of shape ${formatShape(this.shape)} cannot hold ${values.length} values.`,
    );
  }

  #checkedSource(read: ValuesSource): ValuesSource {
    return async () => {
      const values: unknown = await read();
      expectGiven('assign: what the function gives', values, someValues, ShapeError);
      return this.#checked(values);
    };
  }
}
