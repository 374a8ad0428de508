import type { Backend } from '../../compiler/backend.js';
import type { Program } from '../../compiler/compile.js';
import {
  headEffects,
  headEffectsOnRollout,
  knockOutHeads,
  noHeads,
  standIns,
  type ClassTarget,
  type Experiment,
  type LayerRange,
  type StandIn,
  type TargetInput,
} from '../../explain/index.js';
import { expectGiven, oneOf } from '../../given.js';
import { preprocess, type Picture, type Preprocessed } from '../../image/index.js';
import { sizesOf } from '../../models/index.js';
import { input, reshape, slice, type Tensor, type Values } from '../../tensor/index.js';
import type { Subject } from '../explainer.js';
import { valuesOf } from '../sampled-program.js';
import { subjectsOf } from '../subjects.js';
import { unlessAborted, type Watch } from '../watch.js';
import { resolvedTargets, type ToldMap } from './found-map.js';
import { checkSubject, copiesTogether, programsOf, type ExperimentOptions } from './programs.js';

export interface HeadKnockOutOptions extends ExperimentOptions {
  /** What stands in for a head; nothing if left out. */
  readonly by?: StandIn;
}

/** What was found out about the heads of a model by one picture. */
export interface KnockedOutHeads {
  /** Of the model as it is. */
  readonly logits: Values;
  /** What each target loses, and how much of the rollout moves: `[blocks, heads]`. */
  readonly maps: readonly (ToldMap & { readonly method: Experiment })[];
}

interface Part {
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly targets: readonly TargetInput[];
}

/** Every head of a model knocked out once, in few runs: see `knockOutHeads`. */
export class HeadKnockOuts {
  private constructor(
    private readonly subject: Subject,
    private readonly options: HeadKnockOutOptions,
    private readonly parts: readonly Part[],
    private readonly programs: readonly Program[],
  ) {}

  /** @throws UsageError for a size that makes no sense; DeviceError if the backend cannot; what `weights` is rejected with */
  static async create(
    subject: Subject,
    backend: Backend,
    options: HeadKnockOutOptions = {},
  ): Promise<HeadKnockOuts> {
    checkSubject('HeadKnockOuts.create', subject, backend);
    if (sizesOf(subject.model.config).withoutAttention) throw noHeads();
    const { depth, heads } = subject.model.config;
    const { by = 'zero' } = options;
    expectGiven('HeadKnockOuts.create: by', by, oneOf(standIns));
    const blocks = Math.max(1, Math.floor(copiesTogether(subject.model, options) / heads));
    const parts: Part[] = [];
    for (let first = 0; first < depth; first += blocks) {
      parts.push(planPart(subject, [first, Math.min(depth, first + blocks) - 1], options));
    }
    const graphs = parts.map(({ outputs }) => outputs);
    return new HeadKnockOuts(subject, options, parts, await programsOf(graphs, backend, options));
  }

  makeReady(picture: Picture): Preprocessed {
    return preprocess(picture, this.subject.preprocessing);
  }

  /** @throws UsageError for a target that does not exist; DeviceError if the device fails; an aborted signal's reason */
  async run(
    ready: Preprocessed,
    targets: readonly ClassTarget[],
    { signal }: Pick<Watch, 'signal'> = {},
  ): Promise<KnockedOutHeads> {
    const found: Record<string, Values>[] = [];
    for (const [number, program] of this.programs.entries()) {
      const slots = this.parts[number].targets;
      const inputs = { image: ready.values, ...valuesOf(slots, [targets]) };
      found.push(await unlessAborted(() => program.run(inputs), signal));
    }
    const { logits } = found[0];
    const { model } = this.subject;
    const { depth, heads } = model.config;
    const shared = {
      options: { by: this.options.by ?? 'zero' },
      grid: [depth, heads] as const,
      axes: ['block', 'head'] as const,
    };
    const effects = resolvedTargets(targets, logits).map((target, i) => {
      const before = found[0][`score.${i}`][0];
      const without = found.flatMap((part) => Array.from(part[`score.${i}`].slice(1)));
      const values = Float32Array.from(without, (score) => before - score);
      return { ...shared, method: headEffects, target, score: this.options.score ?? 'logit', before, values };
    });
    const moved = found.flatMap(({ rollout }) => sharesMoved(rollout, model.geometry.grid));
    return {
      logits,
      maps: [
        ...effects,
        {
          ...shared,
          method: headEffectsOnRollout,
          target: undefined,
          score: undefined,
          values: Float32Array.from(moved),
        },
      ],
    };
  }

  /** Gives back the device memory that the programs hold. */
  dispose(): void {
    for (const program of this.programs) program.dispose();
  }
}

function planPart({ model }: Subject, blocks: LayerRange, options: HeadKnockOutOptions): Part {
  const { targets: count = 1, ranks = 1, features = false, score = 'logit', by = 'zero' } = options;
  const image = input('image', [1, ...model.inputShape]);
  const { whole, logits, rollout } = knockOutHeads(model, image, model.config.heads, blocks, by);
  const size = { batch: 1, targets: count, ranks, features, score };
  const { targets, subjects } = subjectsOf(whole, 'target', count, size);
  const rows = reshape(logits, [1, ...logits.shape]);
  const scores = subjects.map((subject, i) => [`score.${i}`, subject.scoreOf(rows)] as const);
  return {
    outputs: { logits: slice(logits, 0, 0, 1), rollout, ...Object.fromEntries(scores) },
    targets,
  };
}

/** Of each map but the first, how much of its heat lies elsewhere than in the first: from 0, the same, to 1. */
function sharesMoved(maps: Values, [rows, columns]: readonly [number, number]): number[] {
  const patches = rows * columns;
  const shares = Array.from({ length: maps.length / patches }, (_, map) => {
    const own = Array.from(maps.subarray(map * patches, (map + 1) * patches));
    const total = own.reduce((sum, value) => sum + value, 0);
    return own.map((value) => value / total);
  });
  const [whole, ...others] = shares;
  return others.map((other) => other.reduce((sum, share, i) => sum + Math.abs(share - whole[i]), 0) / 2);
}
