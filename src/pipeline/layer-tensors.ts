import type { Backend } from '../compiler/backend.js';
import type { Program } from '../compiler/compile.js';
import {
  forwardPass,
  type ClassTarget,
  type Explained,
  type Pass,
  type TargetInput,
} from '../explain/index.js';
import { expectGiven, listOf, oneOf } from '../given.js';
import type { Preprocessed } from '../image/index.js';
import { input, reshape, type Shape, type Tensor, type Values } from '../tensor/index.js';
import { checkSubject, programsOf, type ExperimentOptions } from './experiments/programs.js';
import type { Subject } from './explainer.js';
import { valuesOf } from './sampled-program.js';
import { subjectsOf } from './subjects.js';

/** What can be kept of every layer: of a pass, or of each target. */
const kinds = {
  /** After the softmax, a row for each query. `[heads, tokens, tokens]` */
  attention: { of: 'pass', tensors: ({ layers }: Pass) => layers.map(({ attention }) => attention) },
  /** Of the score, with respect to that. */
  gradient: {
    of: 'class',
    tensors: (pass: Explained) => pass.gradient(pass.layers.map(({ attention }) => attention)),
  },
  /** That enter each block, and at last those that leave the last one. `[tokens, width]` */
  tokens: {
    of: 'pass',
    tensors: ({ layers }: Pass) => [...layers.map(({ tokens }) => tokens), layers[layers.length - 1].after],
  },
} as const;

export type LayerTensorKind = keyof typeof kinds;
export const layerTensorKinds = Object.keys(kinds) as readonly LayerTensorKind[];

const someKinds = listOf(`names: ${layerTensorKinds.join(', ')}`, oneOf(layerTensorKinds));

/** Whether it is of a target. */
export function isOfTarget(kind: LayerTensorKind): boolean {
  return kinds[kind].of === 'class';
}

/** A tensor of one picture. */
export interface LayerTensor {
  readonly kind: LayerTensorKind;
  /** Counted from 0 as in `blocks.0`. */
  readonly layer: number;
  /** Number of its target; undefined for what is the same for all. */
  readonly target: number | undefined;
  readonly shape: Shape;
  readonly values: Values;
}

type Planned = Omit<LayerTensor, 'values'> & { readonly output: string };

/** Attention, its gradients and tokens of every layer, handed back whole. */
export class LayerTensors {
  private constructor(
    private readonly planned: readonly Planned[],
    private readonly targets: readonly TargetInput[],
    private readonly program: Program,
  ) {}

  /** @throws DeviceError if the backend cannot */
  static async create(
    subject: Subject,
    backend: Backend,
    asked: readonly LayerTensorKind[],
    options: ExperimentOptions = {},
  ): Promise<LayerTensors> {
    checkSubject('LayerTensors.create', subject, backend);
    expectGiven('LayerTensors.create: the list', asked, someKinds);
    const { model } = subject;
    const { targets: count = 1, ranks = 1, features = false, score = 'logit' } = options;
    const pass = forwardPass(model, input('image', [1, ...model.inputShape]));
    const needed = asked.some(isOfTarget) ? count : 0;
    const size = { batch: 1, targets: needed, ranks, features, score };
    const { targets, subjects } = subjectsOf(pass, 'target', needed, size);
    const outputs: Record<string, Tensor> = { logits: pass.logits };
    const planned: Planned[] = [];
    const keep = (kind: LayerTensorKind, target: number | undefined, tensors: readonly Tensor[]): void => {
      for (const [layer, tensor] of tensors.entries()) {
        const output = [kind, target, layer].join('.');
        const shape = tensor.shape.slice(1);
        outputs[output] = reshape(tensor, shape);
        planned.push({ kind, layer, target, shape, output });
      }
    };
    for (const kind of asked) {
      const { of, tensors } = kinds[kind];
      if (of === 'pass') keep(kind, undefined, tensors(pass));
      else for (const [target, subject] of subjects.entries()) keep(kind, target, tensors(subject));
    }
    const [program] = await programsOf([outputs], backend, options);
    return new LayerTensors(planned, targets, program);
  }

  /** @param targets as many as there are; none are needed where nothing is of one */
  async run({ values }: Preprocessed, targets: readonly ClassTarget[]): Promise<readonly LayerTensor[]> {
    const results = await this.program.run({ image: values, ...valuesOf(this.targets, [targets]) });
    return this.planned.map(({ output, ...tensor }) => ({ ...tensor, values: results[output] }));
  }

  /** Gives back the device memory that the program holds. */
  dispose(): void {
    this.program.dispose();
  }
}
