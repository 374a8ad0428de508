import { ShapeError, UsageError } from '../errors.js';
import { aMap, anObject, aSet, expectGiven, expectParts, optional, type Expectation } from '../given.js';
import { formatShape, Tensor, topologicalOrder, type Values } from '../tensor/index.js';
import { sameShape } from '../tensor/shape.js';
import { checkTensors } from '../tensor/tensor.js';
import { checkBackend, type Backend, type Executable, type Profile } from './backend.js';
import type { Graph, Updates } from './graph.js';
import { lower } from './lower.js';
import { assignMemory } from './memory.js';
import type { Fusion, Plan } from './plan.js';
import { rewrite } from './rewrite.js';
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
  const plan = buildPlan(outputs, updates, backend.fusions);
  return new Program<Names>(plan, await backend.load(plan));
}

/**
 * The plan alone, for those who want to look at it or count its steps.
 * @param fusions what the backend's products can do in their epilogue; nothing if left out
 * @param options.rewrite false leaves the graph as it is: to see what rewriting is worth
 * @param options.labels what nodes belong to, in any words: each step says it of the node that it computes
 */
export function buildPlan(
  outputs: Readonly<Record<string, Tensor>>,
  updates: Updates = new Map(),
  fusions: ReadonlySet<Fusion> = new Set(),
  options: { readonly rewrite?: boolean; readonly labels?: ReadonlyMap<Tensor, string> } = {},
): Plan {
  checkOutputs(outputs);
  checkUpdates(updates);
  expectGiven('buildPlan: fusions', fusions, aSet);
  expectParts('buildPlan: options', options, { labels: optional(aMap) });
  const { rewrite: rewrites = true, labels: given } = options;
  const roots = [...Object.values(outputs), ...updates.keys(), ...updates.values()];
  // Every input of the graph as it was written stays one, whether or not its values turn out to matter.
  const order = topologicalOrder(roots);
  const inputs = order.filter(({ operation }) => operation.kind === 'input');
  const labels = new Map(given);
  const rewritten = rewrites ? rewrite(roots, fusions.has('scale'), labels, order) : undefined;
  const now = (tensor: Tensor): Tensor => rewritten?.get(tensor) ?? tensor;
  const graph: Graph = {
    inputs,
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, now(tensor)])),
    updates: new Map([...updates].map(([constant, value]) => [constant, now(value)])),
  };
  return assignMemory(lower(graph, fusions, labels));
}

const tensorsByName: Expectation<Readonly<Record<string, unknown>>> = {
  words: 'an object of tensors, such as { y }',
  fits: (value): value is Readonly<Record<string, unknown>> =>
    anObject.fits(value) && !(value instanceof Tensor),
};

/** @throws UsageError unless they are tensors by name */
function checkOutputs(outputs: unknown): void {
  expectGiven('compile: outputs', outputs, tensorsByName);
  for (const [name, tensor] of Object.entries(outputs)) checkTensors(`compile: output "${name}"`, tensor);
}

/** @throws ShapeError if something else than a constant is to be updated, or with another shape */
function checkUpdates(updates: Updates): void {
  expectGiven('compile: updates', updates, aMap);
  checkTensors('compile: updates', ...updates.keys(), ...updates.values());
  for (const [constant, value] of updates) {
    if (constant.operation.kind !== 'constant' || !sameShape(constant.shape, value.shape)) {
      throw new ShapeError(
        `compile: an update needs a constant or parameter and a value of its shape, not a node ` +
          `"${constant.operation.kind}" ${formatShape(constant.shape)} and a value ${formatShape(value.shape)}.`,
      );
    }
  }
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
