import { UsageError } from '../errors.js';
import type { OwnDescription } from '../models/index.js';
import type { DataLoader, TrainingFiles } from '../node/index.js';
import {
  bestRow,
  whyStateDiverged,
  whyStepDiverged,
  whyTestDiverged,
  type Batch,
  type LogRow,
  type StepResult,
  type TrainConfig,
  type Trainer,
  type TrainingState,
} from '../train/index.js';
import type { Interrupted } from './interruption.js';
import { toPerson } from './paths.js';
import type { ResumedTraining } from './saved-training.js';
import { Progress } from './train-progress.js';

/** Steps whose means are a row of the log. */
const LOG_EVERY = 10;

/** What a training goes on with, step by step. */
export interface Course {
  readonly config: TrainConfig;
  /** What the model's file says of itself. */
  readonly about: OwnDescription;
  readonly trainer: Trainer;
  readonly loader: DataLoader;
  readonly files: TrainingFiles;
  /** Draws what the model in the files looks at, if that is wanted. */
  readonly drawMaps: ((step: number) => Promise<void>) | undefined;
  readonly saved: ResumedTraining | undefined;
  readonly signal: AbortSignal;
}

/** The checkpoint to go on from, and by which option. */
interface Saved {
  readonly step: number;
  readonly option: '--resume' | '--resume best';
}

/**
 * Trains to the end, or until the signal is given, and leaves checkpoints.
 * @returns the exit status
 * @throws UsageError if the training diverged; the checkpoints before are still there
 */
export function runTraining(course: Course): Promise<number> {
  return new TrainingRun(course).toTheEnd();
}

/**
 * A training on its way. A checkpoint is written when the step after it has shown that one can go on from it: parameters
 * may be finite, and nothing that is computed with them.
 */
class TrainingRun {
  readonly #log: LogRow[];
  readonly #progress: Progress;
  readonly #batches: AsyncGenerator<Batch, void>;
  #step: number;
  #last: Saved | undefined;
  /** What the next step decides about. */
  #pending: TrainingState | undefined;

  constructor(private readonly course: Course) {
    const { config, saved, loader } = course;
    this.#log = [...(saved?.log ?? [])];
    this.#progress = new Progress(config, this.#log);
    this.#step = saved?.step ?? 0;
    this.#batches = loader.batches('train', this.#step * config.batch, config.batch);
    this.#last = saved && {
      step: saved.step,
      option: saved.from === 'best' ? '--resume best' : '--resume',
    };
  }

  async toTheEnd(): Promise<number> {
    const { config, files, signal } = this.course;
    while (this.#step < config.steps && !signal.aborted) {
      const result = await this.#advance();
      this.#step++;
      this.#progress.add(this.#step, result);
      if (this.#step % config.checkpointEvery === 0 || this.#step === config.steps) await this.#take();
      else if (this.#step % LOG_EVERY === 0) this.#log.push(this.#progress.row(this.#step));
    }
    await this.#settle();
    if (this.#step === config.steps) {
      this.#tellOfData();
      this.#progress.end(`trained for ${this.#step} steps; the model is ${toPerson(files.model)}`);
      return 0;
    }
    const onward = this.#last ? `after step ${this.#step}; go on with ${this.#last.option}` : beforeFirst;
    this.#progress.end(`stopped ${onward}`);
    return (signal.reason as Interrupted).status;
  }

  /** How long steps waited, and what was left out. */
  #tellOfData(): void {
    const { waiting } = this.#progress;
    if (waiting !== undefined) {
      this.#progress.end(`steps waited for their data ${(100 * waiting).toFixed(1)} % of the time`);
    }
    const { size } = this.course.loader.damaged;
    if (size > 0) {
      this.#progress.end(
        `${size} ${size === 1 ? 'picture' : 'pictures'} could not be read and were left out`,
      );
    }
  }

  /** Does the next step, and writes what it decides about. */
  async #advance(): Promise<StepResult> {
    const { config, about, trainer, loader, files, drawMaps } = this.course;
    const step = this.#step;
    const before = performance.now();
    const { value } = await this.#batches.next();
    this.#progress.waited(performance.now() - before);
    const result = await trainer.step(step, value as Batch);
    this.#refuse(step + 1, whyStepDiverged(result));
    if (this.#pending) {
      await files.write(config, step, this.#pending, this.#log, about, loader.description.mark);
      this.#last = { step, option: '--resume' };
      this.#pending = undefined;
      const checkpoint = Math.ceil(step / config.checkpointEvery);
      if (config.mapsEvery > 0 && checkpoint % config.mapsEvery === 0) await drawMaps?.(step);
    }
    return result;
  }

  /** Takes a checkpoint where one is due. */
  async #take(): Promise<void> {
    const { config, trainer, loader } = this.course;
    const images = Math.min(config.validationImages, loader.description.sizes.test);
    const tested = await trainer.test(loader.batches('test', 0, config.batch, images));
    this.#refuse(this.#step, whyTestDiverged(tested));
    this.#log.push(this.#progress.row(this.#step, tested));
    await this.#look();
  }

  async #look(): Promise<void> {
    this.#pending = await this.course.trainer.state();
    this.#refuse(this.#step, whyStateDiverged(this.#pending));
  }

  /** Leaves a checkpoint of where the training is, if something was learned since the last; of the step after nothing stays. */
  async #settle(): Promise<void> {
    if (this.#step === (this.#last?.step ?? 0)) return;
    if (!this.#pending) await this.#look();
    await this.#advance();
  }

  #refuse(step: number, why: string | undefined): void {
    if (why !== undefined) throw diverged(step, why, this.#last, this.#log);
  }
}

/** What is said, behind "stopped", of a training that did nothing. */
export const beforeFirst = 'before the first step';

function diverged(step: number, why: string, last: Saved | undefined, log: readonly LogRow[]): UsageError {
  const trouble = `The training diverged at step ${step}: ${why}`;
  if (!last)
    return new UsageError(`${trouble}; nothing was saved, so begin again with a lower "learningRate".`);
  const best = bestRow(log.filter((row) => row.step <= last.step))?.step ?? last.step;
  const better = best < last.step ? `, from step ${best}, the best so far, with --resume best` : '';
  return new UsageError(
    `${trouble}; lower "learningRate" and go on from step ${last.step} with ${last.option}${better}, ` +
      'or begin again in another folder with --out.',
  );
}
