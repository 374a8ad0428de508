import { ShapeError } from '../errors.js';
import { anObject, expectGiven, values as someValues } from '../given.js';
import { formatShape, sizeOf, type Values } from '../tensor/index.js';
import type { PlanInput } from './plan.js';

type Given = Readonly<Record<string, Values>>;

/** Takes what runs are given, checked and copied, because a backend reads it when the runs before are done. */
export class RunInputs {
  /** Copies that no run reads any more: to fill new memory takes twenty times as long as to fill these. */
  private spare: Values[] | undefined;
  private disposed = false;

  constructor(private readonly inputs: readonly PlanInput[]) {}

  /**
   * Calls `run` with copies in the order of the plan's inputs, which are its own until its promise is settled.
   * @throws ShapeError if an input is missing, unknown or of the wrong size
   */
  async during<T>(given: Given, run: (copies: readonly Values[]) => Promise<T>): Promise<T> {
    const values = this.checked(given);
    const { spare } = this;
    this.spare = undefined;
    const copies = values.map((array, position) => copy(array, spare?.[position]));
    try {
      return await run(copies);
    } finally {
      if (!this.disposed) this.spare = copies;
    }
  }

  /** Lets go of the memory, that of a run that is under way as soon as it has ended. */
  dispose(): void {
    this.disposed = true;
    this.spare = undefined;
  }

  private checked(given: Given): Values[] {
    expectGiven('run: inputs', given, { ...anObject, words: 'arrays by name, such as { x }' }, ShapeError);
    const known = this.inputs.map(({ name }) => name);
    for (const name of Object.keys(given)) {
      if (!known.includes(name)) {
        throw new ShapeError(
          `run: there is no input "${name}"; this program takes ${known.join(', ') || 'none'}.`,
        );
      }
    }
    return this.inputs.map(({ name, shape }) => {
      const values = given[name] as Values | undefined;
      if (values !== undefined) expectGiven(`run: input "${name}"`, values, someValues, ShapeError);
      if (values?.length !== sizeOf(shape)) {
        const found = values ? `has ${values.length} values` : 'is missing';
        throw new ShapeError(
          `run: input "${name}" ${found}; expected ${sizeOf(shape)} for shape ${formatShape(shape)}.`,
        );
      }
      return values;
    });
  }
}

function copy(values: Values, spare: Values | undefined): Values {
  if (spare?.BYTES_PER_ELEMENT !== values.BYTES_PER_ELEMENT) return values.slice();
  spare.set(values);
  return spare;
}
