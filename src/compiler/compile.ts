import { UsageError } from '../errors.js';
import type { Tensor, Values } from '../tensor/index.js';
import { checkBackend, type Backend, type Executable, type Profile } from './backend.js';
import type { Updates } from './graph.js';
import type { Plan } from './plan.js';
import { planFor } from './build-plan.js';
import { RunInputs } from './run-inputs.js';

/**
 * Compiles the graph behind `outputs` into a program that a backend runs any number of times: one plan, one
 * submission and one read-back a run.
 *
 * ```ts
 * const x = input('x', [2, 3]);
 * const program = await compile({ y: softmax(x) }, backend);
 * const { y } = await program.run({ x: new Float32Array(6) });
 * ```
 *
 * A program computes with the numbers that constants and parameters hold when it is compiled, and with what updates make
 * of them on the device. A parameter that is assigned anew is another one from then on: programs compiled before neither
 * see its new numbers nor change them.
 *
 * What updates changed is read back by compiling the constant as an output, `compile({ weight }, backend)`, while a
 * program that uses it is there. It is gone with the last such program: one that is compiled afterwards begins with the
 * numbers that the constant was made of, which do not change.
 * @param updates constants and parameters, each with the tensor whose values it takes over at the end of every run,
 *   on the device: a training step is one program. All programs on the backend that use the constant see the new values.
 * @throws ShapeError if two inputs share a name, or an update does not have its constant's shape
 * @throws UsageError for outputs, a backend or updates that are none
 * @throws WeightsError if a parameter has no numbers
 * @throws DeviceError if the backend cannot build a kernel or get the memory, or lost what updates made of a constant
 */
export async function compile<Names extends string>(
  outputs: Readonly<Record<Names, Tensor>>,
  backend: Backend,
  updates: Updates = new Map(),
): Promise<Program<Names>> {
  checkBackend('compile', backend);
  const plan = planFor(backend, outputs, updates);
  return new Program<Names>(plan, await backend.load(plan));
}

/** A compiled graph. Runs may overlap: each gets the results of its own inputs. */
export class Program<Names extends string = string> {
  private readonly inputs: RunInputs;

  constructor(
    readonly plan: Plan,
    private readonly executable: Executable,
  ) {
    this.inputs = new RunInputs(plan.inputs);
  }

  /**
   * Runs once.
   * @param inputs row-major numbers for each input of the graph, by name; they are copied before this returns, so that the
   *   arrays may be used anew at once
   * @returns row-major numbers for each output, by name
   * @throws ShapeError if an input is missing, unknown or of the wrong size
   */
  async run(inputs: Readonly<Record<string, Values>> = {}): Promise<Record<Names, Values>> {
    return this.named(await this.inputs.during(inputs, (copies) => this.executable.run(copies)));
  }

  /**
   * Runs once and measures how long each step of `plan` takes. Measuring takes time itself: the sum is more than a
   * plain run takes.
   * @returns what `run` returns, milliseconds in the order of `plan.steps`, and by which clock if the backend says
   * @throws ShapeError as `run` does
   * @throws UsageError if the backend cannot measure
   */
  async profile(
    inputs: Readonly<Record<string, Values>> = {},
  ): Promise<Omit<Profile, 'results'> & { results: Record<Names, Values> }> {
    const { executable } = this;
    if (!executable.profile) {
      throw new UsageError(
        'profile: this backend cannot measure single steps; time `run` as a whole instead.',
      );
    }
    const measured = this.inputs.during(inputs, (copies) => executable.profile!(copies));
    const { results, ...times } = await measured;
    return { ...times, results: this.named(results) };
  }

  /** Gives back the device memory that this program holds. */
  dispose(): void {
    this.executable.dispose();
    this.inputs.dispose();
  }

  private named(results: readonly Values[]): Record<Names, Values> {
    return Object.fromEntries(
      this.plan.outputs.map(({ name }, position) => [name, results[position]]),
    ) as Record<Names, Values>;
  }
}
