import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError, WeightsError } from '../../errors.js';
import {
  bytesSource,
  openSafetensors,
  readTensors,
  writeSafetensors,
  type ReadTensor,
} from '../../models/index.js';
import {
  drawCurve,
  formatLog,
  modelOf,
  parseLog,
  type LogRow,
  type TrainConfig,
  type TrainingState,
} from '../../train/index.js';
import { failureInWords } from './failure-in-words.js';
import { writeFilesAtomically } from './write.js';

/** A training as it was at a checkpoint. */
export interface SavedTraining {
  /** Steps done. */
  readonly step: number;
  readonly config: TrainConfig;
  readonly tensors: ReadonlyMap<string, ReadTensor>;
  readonly log: readonly LogRow[];
}

/** The files of a training: what it takes to go on, what it made, and what a person wants to see. */
export class TrainingFiles {
  readonly checkpoint: string;
  readonly model: string;
  readonly #settings: string;
  readonly #log: string;
  readonly #curve: string;

  constructor(folder: string) {
    this.checkpoint = join(folder, 'checkpoint.safetensors');
    this.#settings = join(folder, 'checkpoint.json');
    this.model = join(folder, 'model.safetensors');
    this.#log = join(folder, 'log.csv');
    this.#curve = join(folder, 'curve.svg');
  }

  /** Whether a training was begun here. */
  exist(): boolean {
    return existsSync(this.checkpoint);
  }

  /**
   * Writes all files or none; the checkpoint, which decides where a training goes on, takes its name last.
   * @throws UsageError if there is no room, or no permission; the files before are still there
   */
  async write(
    config: TrainConfig,
    step: number,
    state: TrainingState,
    log: readonly LogRow[],
  ): Promise<void> {
    const settings = JSON.stringify(config);
    const metadata = { step: String(step), config: settings };
    await writeFilesAtomically([
      { path: this.model, data: writeSafetensors(modelOf(state), metadata) },
      { path: this.#settings, data: `${JSON.stringify({ step, config }, null, 2)}\n` },
      { path: this.#log, data: formatLog(log) },
      { path: this.#curve, data: drawCurve(config.name, log) },
      { path: this.checkpoint, data: writeSafetensors(state, metadata) },
    ]);
  }

  /**
   * @throws WeightsError if there is no checkpoint or it is damaged
   */
  async read(): Promise<SavedTraining> {
    const bytes = await this.#readFile(this.checkpoint);
    const checkpoint = await openSafetensors(bytesSource(this.checkpoint, bytes));
    const tensors = await readTensors(checkpoint);
    const { step = '', config = '' }: { step?: string; config?: string } = checkpoint.metadata;
    if (!/^\d+$/.test(step) || config === '') {
      throw new WeightsError(
        `"${this.checkpoint}" is a checkpoint of a model, not of a training; it cannot be resumed.`,
      );
    }
    const log = parseLog((await this.#readFile(this.#log)).toString('utf8'), this.#log);
    return {
      step: Number(step),
      config: JSON.parse(config) as TrainConfig,
      tensors,
      // A row is written before the checkpoint that it belongs to takes its name.
      log: log.filter((row) => row.step <= Number(step)),
    };
  }

  async #readFile(path: string): Promise<Buffer<ArrayBuffer>> {
    try {
      return await readFile(path);
    } catch (error) {
      throw new UsageError(
        `There is no training to resume: cannot read ${path}, ${failureInWords(error)}; leave out --resume to begin one.`,
        { cause: error },
      );
    }
  }
}
