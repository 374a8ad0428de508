import { ShapeError } from '../errors.js';
import { formatShape, sizeOf, type Tensor, type Values } from '../tensor/index.js';
import type { Backend, Executable } from './backend.js';
import { lower, type Updates } from './lower.js';
import { assignMemory } from './memory.js';
import type { Plan } from './plan.js';

/**
 * Compiles the graph behind `outputs` into a program that a backend runs any number of times: one plan, one
 * submission and one read-back a run.
 *
 * ```ts
 * const x = input('x', [2, 3]);
 * const program = await compile({ y: softmax(x) }, backend);
 * const { y } = await program.run({ x: new Float32Array(6) });
 * ```
 * @param updates constants and parameters, each with the tensor whose values it takes over at the end of every run,
 *   on the device: a training step is one program. All programs on the backend see the new values, for as long as one
 *   of them uses the constant; the array that it was made of does not change. Read them by compiling the parameter as an output.
 * @throws ShapeError if two inputs share a name, or an update does not have its constant's shape
 * @throws DeviceError if the backend cannot build a kernel or get the memory
 */
export async function compile<Names extends string>(
  outputs: Readonly<Record<Names, Tensor>>,
  backend: Backend,
  updates: Updates = new Map(),
): Promise<Program<Names>> {
  const plan = buildPlan(outputs, updates);
  return new Program<Names>(plan, await backend.load(plan));
}

/** The plan alone, for those who want to look at it or count its steps. */
export function buildPlan(outputs: Readonly<Record<string, Tensor>>, updates?: Updates): Plan {
  return assignMemory(lower(outputs, updates));
}

/** A compiled graph. Runs may overlap: each gets the results of its own inputs. */
export class Program<Names extends string = string> {
  constructor(
    readonly plan: Plan,
    private readonly executable: Executable,
  ) {}

  /**
   * Runs once.
   * @param inputs row-major numbers for each input of the graph, by name
   * @returns row-major numbers for each output, by name
   * @throws ShapeError if an input is missing, unknown or of the wrong size
   */
  async run(inputs: Readonly<Record<string, Values>> = {}): Promise<Record<Names, Values>> {
    const known = this.plan.inputs.map(({ name }) => name);
    for (const name of Object.keys(inputs)) {
      if (!known.includes(name)) {
        throw new ShapeError(
          `run: there is no input "${name}"; this program takes ${known.join(', ') || 'none'}.`,
        );
      }
    }
    const arrays = this.plan.inputs.map(({ name, shape }) => {
      const values = inputs[name] as Values | undefined;
      if (values?.length !== sizeOf(shape)) {
        const given = values ? `has ${values.length} values` : 'is missing';
        throw new ShapeError(
          `run: input "${name}" ${given}; expected ${sizeOf(shape)} for shape ${formatShape(shape)}.`,
        );
      }
      return values;
    });
    const results = await this.executable.run(arrays);
    return Object.fromEntries(
      this.plan.outputs.map(({ name }, position) => [name, results[position]]),
    ) as Record<Names, Values>;
  }

  /** Gives back the device memory that this program holds. */
  dispose(): void {
    this.executable.dispose();
  }
}
