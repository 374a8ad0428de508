import type { Backend } from '../../compiler/backend.js';
import { UsageError } from '../../errors.js';
import { ranksAsked, type ClassTarget } from '../../explain/index.js';
import { mostProbable, type Prediction } from '../../models/index.js';
import { openBackend, openModel, type OpenedModel } from '../../node/index.js';
import {
  Explainer,
  explanationOf,
  whyNoNumbers,
  type ComputedMap,
  type ReadyPicture,
} from '../../pipeline/index.js';
import type { BatchPlan } from '../plan.js';
import { PREDICTIONS, type RecordedMap } from '../results/record.js';
import { statisticsOf } from '../results/statistics.js';
import { chosenOf } from './chosen.js';
import type { DrawnMap, Forms } from './pictures.js';

/** What a device is opened with. */
export interface EngineData {
  readonly plan: BatchPlan;
  readonly adapter: string | undefined;
  /** Of a processor. */
  readonly threads: number | undefined;
  /** Runs at a time, which share model and weights. */
  readonly lanes: number;
}

/** A picture and what is asked of it. */
export interface EnginePicture {
  readonly forms: Forms;
  /** Undefined: what the plan says. */
  readonly targets: readonly ClassTarget[] | undefined;
}

export type EngineTask =
  | { readonly kind: 'open' }
  /** Time a picture takes in batches of that size. */
  | { readonly kind: 'measure'; readonly batch: number; readonly forms: Forms }
  /** As many pictures as a run takes, or fewer. */
  | { readonly kind: 'explain'; readonly batch: number; readonly pictures: readonly EnginePicture[] };

/** What it found out about a picture. */
export type Found =
  | {
      readonly predictions: readonly Prediction[];
      readonly maps: readonly RecordedMap[];
      /** Present if they will be drawn. */
      readonly drawn?: readonly DrawnMap[];
    }
  | { readonly failure: string };

/** What nobody looks at. */
const nothing = { width: 0, height: 0, data: new Uint8Array(0) };

/** A model on a device, in a thread of its own. */
export class Engine {
  /** Of one size: that of runs from now on. */
  #program: { readonly batch: number; readonly explainer: Promise<Explainer> } | undefined;

  private constructor(
    private readonly plan: BatchPlan,
    private readonly model: OpenedModel,
    private readonly backend: Backend,
    private readonly lanes: number,
    /** Milliseconds. */
    private readonly now: () => number,
  ) {}

  /**
   * @throws UsageError if the device is not that of the plan; WeightsError, DeviceError if they cannot be opened
   */
  static async open({ plan, adapter, threads, lanes }: EngineData): Promise<Engine> {
    const model = await openModel(plan.model.request);
    const shared = lanes > 1 ? { lanes } : {};
    const { backend } = await openBackend(plan.backend, { adapter, threads, ...shared });
    if (backend.name !== plan.backend) {
      throw new UsageError(
        `The batch was begun on the ${plan.backend} backend, whose numbers differ from those of ${backend.name}.`,
      );
    }
    return new Engine(plan, model, backend, lanes, threads === undefined ? clock : processorTime);
  }

  /**
   * Milliseconds that a picture takes in runs of a size, as many at a time as there may be.
   */
  async measure(batch: number, forms: Forms): Promise<number> {
    const pictures = Array.from({ length: batch }, () => ({ forms, targets: undefined }));
    const round = (): Promise<unknown> =>
      Promise.all(Array.from({ length: this.lanes }, () => this.explain(batch, pictures)));
    await round();
    let best = Infinity;
    for (let time = 0; time < 3; time++) {
      const start = this.now();
      await round();
      best = Math.min(best, this.now() - start);
    }
    return best / (batch * this.lanes);
  }

  /** A program of another size than the one that is used from now on is let go of; nothing of it may be under way. */
  async explain(batch: number, pictures: readonly EnginePicture[]): Promise<readonly Found[]> {
    const explainer = await this.#explainerOf(batch);
    const ready = pictures.map(({ forms }): ReadyPicture =>
      forms.map((form) => ({ ...form, crop: nothing })),
    );
    // None where no method explains one.
    const usual = this.plan.targets as readonly ClassTarget[];
    const found = await explainer.explain(
      ready,
      pictures.map(({ targets }) => (usual.length === 0 ? [] : (targets ?? usual))),
    );
    return found.map(({ logits, maps }) => this.#foundOf(logits, maps));
  }

  #foundOf(logits: ComputedMap['values'], maps: readonly ComputedMap[]): Found {
    const wrong = maps.map(whyNoNumbers).find((why) => why !== undefined);
    if (wrong !== undefined) return { failure: wrong };
    const { output } = this.model;
    const labels = output === 'classes' ? this.model.labels : [];
    const [isDrawn, isKept] = (['png', 'npy'] as const).map((one) => this.plan.formats.includes(one));
    return {
      predictions: labels.length === 0 ? [] : mostProbable(logits, labels, PREDICTIONS),
      maps: maps.map((map): RecordedMap => {
        const { method, class: of, label, target, grid, note } = explanationOf(map, logits, labels);
        return {
          method,
          class: of,
          ...(label === undefined ? {} : { label }),
          ...(target === undefined ? {} : { target }),
          grid,
          ...statisticsOf(map.values, grid),
          ...(note === undefined ? {} : { note }),
          ...(isKept ? { values: inBase64(map.values) } : {}),
        };
      }),
      ...(isDrawn
        ? {
            drawn: maps.map(({ method, target, score, grid, values, geometry }) => ({
              ...{ target, score, grid, values, geometry },
              chosen: this.plan.methods.findIndex(({ name }) => name === method.name),
            })),
          }
        : {}),
    };
  }

  async #explainerOf(batch: number): Promise<Explainer> {
    const last = this.#program;
    if (last?.batch === batch) return last.explainer;
    const explainer = (async () => {
      (await last?.explainer)?.dispose();
      const { targets, score } = this.plan;
      return Explainer.create(this.model, this.backend, {
        methods: chosenOf(this.plan, this.model.model.config),
        batch,
        targets: Math.max(1, targets.length),
        ranks: ranksAsked(targets),
        features: this.model.output !== 'classes',
        score,
        weights: this.model.weights,
      });
    })();
    this.#program = { batch, explainer };
    return explainer;
  }
}

const clock = (): number => performance.now();

/** What this process has had of the processor: other programs may have their share of it. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function inBase64(values: ArrayLike<number>): string {
  return Buffer.from(Float32Array.from(values).buffer).toString('base64');
}
