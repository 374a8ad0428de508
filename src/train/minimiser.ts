import type { Backend } from '../compiler/backend.js';
import { compile, type Program } from '../compiler/compile.js';
import { ShapeError } from '../errors.js';
import { aFunction, anObject, expectGiven, expectParts } from '../given.js';
import { adamW, clipByNorm, type AdamWOptions, type Module } from '../nn/index.js';
import { formatShape, gradient, input, Tensor, type Shape, type Values } from '../tensor/index.js';
import { decays, trained } from './trained.js';
import { readBack } from './read-back.js';

/** What is to become small: of a model and its inputs, as tensors, a scalar. It builds the graph, once. */
export type Objective<Model extends Module = Module, Names extends string = string> = (
  model: Model,
  inputs: Readonly<Record<Names, Tensor>>,
) => Tensor;

export interface MinimiserOptions<Names extends string> extends Partial<
  Omit<AdamWOptions, 'learningRate' | 'weightDecay' | 'learningRateScales'>
> {
  /** The shape of each input, by its name. */
  readonly inputs: Readonly<Record<Names, Shape>>;
  /** Of matrices alone; 0.05 if left out. */
  readonly weightDecay?: number;
  /** Largest joint norm of the gradients; none if left out. */
  readonly clip?: number;
  /** Modules or parameters that stay as they are, such as `patch_embed`. */
  readonly freeze?: readonly string[];
}

/**
 * Trains any module towards any objective by AdamW: a step is one run of one program, and parameters stay on the device until
 * `readBack` is called.
 *
 * ```ts
 * const objective = (model: VisionTransformer, { image, label }) => crossEntropy(model.call(image), label);
 * const inputs = { image: [32, ...model.inputShape], label: [32] };
 * const minimiser = await Minimiser.create(model, objective, backend, { inputs });
 * const loss = await minimiser.step({ image, label }, 1e-3);
 * ```
 */
export class Minimiser<Names extends string = string> {
  private constructor(
    private readonly model: Module,
    private readonly backend: Backend,
    private readonly program: Program<'loss'>,
  ) {}

  /**
   * Compiles a step.
   * @throws ShapeError if the objective is no scalar
   * @throws UsageError for options that are none
   * @throws WeightsError if a parameter has no numbers yet: see `initialize`
   * @throws DeviceError if the backend cannot
   */
  static async create<Model extends Module, Names extends string>(
    model: Model,
    objective: Objective<Model, Names>,
    backend: Backend,
    options: MinimiserOptions<Names>,
  ): Promise<Minimiser<Names>> {
    expectGiven('Minimiser: the objective', objective, aFunction);
    expectParts('Minimiser: options', options, { inputs: anObject });
    const { inputs, clip, freeze = [], betas = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0.05 } = options;
    const given = Object.entries<Shape>(inputs).map(([name, shape]) => [name, input(name, shape)] as const);
    const loss = checked(objective(model, Object.fromEntries(given) as Record<Names, Tensor>));
    const learned = trained([...model.namedParameters()], freeze);
    const parameters = learned.map(([, parameter]) => parameter);
    const gradients = gradient(loss, parameters);
    const updates = adamW(
      parameters,
      clip === undefined ? gradients : clipByNorm(gradients, clip).gradients,
      {
        ...{ betas, epsilon, learningRate: input(learningRateName, []) },
        weightDecay: learned.map(([name]) => (decays(name) ? weightDecay : 0)),
      },
    );
    return new Minimiser<Names>(model, backend, await compile({ loss }, backend, updates));
  }

  /**
   * Does one step.
   * @param inputs row-major numbers for each input
   * @returns the objective before it
   */
  async step(inputs: Readonly<Record<Names, Values>>, learningRate: number): Promise<number> {
    const { loss } = await this.program.run({ ...inputs, [learningRateName]: Float32Array.of(learningRate) });
    return loss[0];
  }

  /** Gives the model's parameters what was learned, as `readBack` does. */
  readBack(): Promise<void> {
    return readBack(this.model, this.backend);
  }

  /** Gives back the device memory; what was learned and not read back is gone with it. */
  dispose(): void {
    this.program.dispose();
  }
}

/** No input of an objective is called so. */
const learningRateName = 'minimiser.learningRate';

function checked(loss: unknown): Tensor {
  if (loss instanceof Tensor && loss.rank === 0) return loss;
  throw new ShapeError(
    `Minimiser: the objective gave ${loss instanceof Tensor ? `a tensor of shape ${formatShape(loss.shape)}` : 'no tensor'}; ` +
      'expected a scalar, such as a mean.',
  );
}
