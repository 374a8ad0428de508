import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError, WeightsError } from '../../errors.js';
import {
  bytesSource,
  openSafetensors,
  ownMetadata,
  readTensors,
  writeSafetensors,
  type OwnDescription,
  type ReadTensor,
} from '../../models/index.js';
import {
  bestRow,
  drawCurve,
  formatLog,
  modelOf,
  parseLog,
  parseTrainConfig,
  type LogRow,
  type TrainConfig,
  type TrainingState,
} from '../../train/index.js';
import type { SetMark } from '../datasets/loading/set-mark.js';
import { failureInWords } from './failure-in-words.js';
import { takeLock } from './lock.js';
import { writeFilesAtomically } from './write.js';

/** A training as it was at a checkpoint. */
export interface SavedTraining {
  /** Steps done. */
  readonly step: number;
  readonly config: TrainConfig;
  /** Of the set that it learned from, if it is one that is read. */
  readonly set: SetMark | undefined;
  readonly tensors: ReadonlyMap<string, ReadTensor>;
  readonly log: readonly LogRow[];
}

/** A checkpoint of a training that it can go on from: the last one, or that which did best on images for validation. */
export const checkpointNames = ['last', 'best'] as const;
export type CheckpointName = (typeof checkpointNames)[number];

const remedies: Readonly<Record<CheckpointName, string>> = {
  last: 'leave out --resume to begin one',
  best: 'go on from the last checkpoint with --resume',
};

/** The files of a training: what it takes to go on, what it made, and what a person wants to see. */
export class TrainingFiles {
  readonly checkpoints: Readonly<Record<CheckpointName, string>>;
  readonly model: string;
  readonly #settings: string;
  readonly #log: string;
  readonly #curve: string;
  readonly #lock: string;

  /** @param folder which exists when something is done with them */
  constructor(private readonly folder: string) {
    this.checkpoints = {
      last: join(folder, 'checkpoint.safetensors'),
      best: join(folder, 'best.safetensors'),
    };
    this.#settings = join(folder, 'checkpoint.json');
    this.model = join(folder, 'model.safetensors');
    this.#log = join(folder, 'log.csv');
    this.#curve = join(folder, 'curve.svg');
    this.#lock = join(folder, 'training.lock');
  }

  /**
   * Keeps other trainings out of the folder, until the returned function is called or the process ends.
   * @throws UsageError if one is writing into it
   */
  lock(): Promise<() => void> {
    return takeLock(
      this.#lock,
      (holder) =>
        `Another training writes into ${this.folder}: ${holder}, or name another folder with --out.`,
    );
  }

  /** Whether a training was begun here. */
  exist(): boolean {
    return existsSync(this.checkpoints.last);
  }

  /**
   * Writes all files or none; the checkpoint, which decides where a training goes on, takes its name last. It is also
   * kept as the best one if the log says that it is.
   * @param about what the model's file says of itself
   * @param set by which the set is known again, when the training is resumed
   * @throws UsageError if there is no room, or no permission; the files before are still there
   */
  async write(
    config: TrainConfig,
    step: number,
    state: TrainingState,
    log: readonly LogRow[],
    about: OwnDescription,
    set?: SetMark,
  ): Promise<void> {
    const settings = JSON.stringify(config);
    const metadata = { step: String(step), config: settings };
    const checkpoint = writeSafetensors(state, { ...metadata, ...(set && { set: JSON.stringify(set) }) });
    const isBest = bestRow(log)?.step === step;
    await writeFilesAtomically([
      { path: this.model, data: writeSafetensors(modelOf(state), { ...metadata, ...ownMetadata(about) }) },
      { path: this.#settings, data: `${JSON.stringify({ step, config }, null, 2)}\n` },
      { path: this.#log, data: formatLog(log) },
      { path: this.#curve, data: drawCurve(config.name, log) },
      ...(isBest ? [{ path: this.checkpoints.best, data: checkpoint }] : []),
      { path: this.checkpoints.last, data: checkpoint },
    ]);
  }

  /**
   * @throws WeightsError if the checkpoint is damaged, UsageError if there is none
   */
  async read(which: CheckpointName): Promise<SavedTraining> {
    const path = this.checkpoints[which];
    const bytes = await this.#readFile(path, remedies[which]);
    const checkpoint = await openSafetensors(bytesSource(path, bytes));
    const tensors = await readTensors(checkpoint);
    const {
      step = '',
      config = '',
      set = '',
    }: { step?: string; config?: string; set?: string } = checkpoint.metadata;
    if (!/^\d+$/.test(step) || config === '') {
      throw new WeightsError(
        `"${path}" is a checkpoint of a model, not of a training; it cannot be resumed.`,
      );
    }
    const log = parseLog((await this.#readFile(this.#log, remedies.last)).toString('utf8'), this.#log);
    return {
      step: Number(step),
      config: parseTrainConfig(config, path),
      set: set === '' ? undefined : (JSON.parse(set) as SetMark),
      tensors,
      // A row is written before the checkpoint that it belongs to takes its name.
      log: log.filter((row) => row.step <= Number(step)),
    };
  }

  async #readFile(path: string, remedy: string): Promise<Buffer<ArrayBuffer>> {
    try {
      return await readFile(path);
    } catch (error) {
      throw new UsageError(
        `There is no training to resume: cannot read ${path}, ${failureInWords(error)}; ${remedy}.`,
        { cause: error },
      );
    }
  }
}
