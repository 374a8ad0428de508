import type { LogRow, StepResult, TrainConfig } from '../train/index.js';
import { legible } from './legible.js';

/** Gathers what steps give into rows of the log, and tells the person how far the training is. */
export class Progress {
  #steps: StepResult[] = [];
  #since = performance.now();
  #seconds: number;
  /** Of one step, as a moving average, in milliseconds. */
  #stepTime: number | undefined;
  #last = performance.now();
  /** Milliseconds that steps waited for their data, and all that they took; the first one's are those of the beginning. */
  #waits: number | undefined;
  #steppingSince = 0;

  constructor(
    private readonly config: TrainConfig,
    log: readonly LogRow[],
  ) {
    this.#seconds = log.at(-1)?.seconds ?? 0;
  }

  add(step: number, result: StepResult): void {
    this.#steps.push(result);
    const now = performance.now();
    const took = now - this.#last;
    this.#stepTime = this.#stepTime === undefined ? took : 0.95 * this.#stepTime + 0.05 * took;
    this.#last = now;
    if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${this.#line(step, result)}`);
  }

  /** @param time of a step, in milliseconds, in which its data was not there yet */
  waited(time: number): void {
    this.#waits = this.#waits === undefined ? 0 : this.#waits + time;
    if (this.#steppingSince === 0) this.#steppingSince = performance.now();
  }

  /** The share of the time in which a step waited for its data; undefined before the second step. */
  get waiting(): number | undefined {
    const all = performance.now() - this.#steppingSince;
    return this.#waits === undefined || all === 0 ? undefined : this.#waits / all;
  }

  /** The means since the last row. */
  row(step: number, validation?: { loss: number; accuracy: number }): LogRow {
    const mean = (of: (result: StepResult) => number): number =>
      this.#steps.reduce((sum, result) => sum + of(result), 0) / this.#steps.length;
    const now = performance.now();
    this.#seconds += (now - this.#since) / 1000;
    this.#since = now;
    this.#last = now;
    const row = {
      step,
      images: step * this.config.batch,
      learningRate: this.#steps[this.#steps.length - 1].learningRate,
      loss: mean(({ loss }) => loss),
      accuracy: mean(({ accuracy }) => accuracy),
      gradientNorm: mean(({ gradientNorm }) => gradientNorm),
      validationLoss: validation?.loss ?? NaN,
      validationAccuracy: validation?.accuracy ?? NaN,
      seconds: this.#seconds,
    };
    this.#steps = [];
    if (validation) {
      const { loss, accuracy } = validation;
      this.#print(
        `${this.#line(step, row)}; validation: loss ${loss.toFixed(3)}, accuracy ${percent(accuracy)}`,
      );
    } else if (!process.stdout.isTTY && step % 50 === 0) {
      this.#print(this.#line(step, row));
    }
    return row;
  }

  end(message: string): void {
    this.#print(message);
  }

  #print(line: string): void {
    const shown = legible(line);
    console.log(process.stdout.isTTY ? `\r\x1b[K${shown}` : shown);
  }

  #line(step: number, { loss, accuracy }: { loss: number; accuracy: number }): string {
    const { steps, batch } = this.config;
    const rate = this.#stepTime === undefined ? 0 : (1000 * batch) / this.#stepTime;
    const left = ((steps - step) * (this.#stepTime ?? 0)) / 1000;
    return (
      `step ${step}/${steps}  loss ${loss.toFixed(3)}  accuracy ${percent(accuracy)}  ` +
      `${rate.toFixed(0)} images/s  ${duration(left)} left`
    );
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
