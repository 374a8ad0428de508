import { checkBackend, type Backend } from '../compiler/backend.js';
import { compile, type Program } from '../compiler/compile.js';
import type { AscentOptions, Unit } from '../explain/index.js';
import type { Picture, Preprocessing } from '../image/index.js';
import { Random } from '../random.js';
import type { Values } from '../tensor/index.js';
import { planAscent, type AscentPlan, type GivenAscentOptions } from './ascent-plan.js';
import type { Subject } from './explainer.js';

/** Where an ascent stands. */
export interface Height {
  /** How many steps were made. */
  readonly step: number;
  /** How much the unit was excited before the last of them. */
  readonly activation: number;
}

/**
 * Activation maximisation: a picture on the device that is changed step by step so that it excites a unit more. Each step is a run of
 * one program; the picture stays on the device until somebody looks.
 */
export class Maximiser {
  #step = 0;
  /** How far the picture on the device is rolled down and to the right. */
  #rolled: Offset = [0, 0];
  readonly #random: Random;

  private constructor(
    private readonly preprocessing: Preprocessing,
    private readonly shape: AscentPlan['shape'],
    /** Checked and complete. */
    readonly options: AscentOptions,
    private readonly climbing: Program<'activation'>,
    private readonly looking: Program<'picture' | 'activation'>,
  ) {
    this.#random = new Random(options.seed, 1);
  }

  /**
   * @throws UsageError for a unit that the model has not, or options out of range; DeviceError if the backend cannot
   */
  static async create(
    { model, preprocessing }: Subject,
    backend: Backend,
    unit: Unit,
    given: GivenAscentOptions = {},
  ): Promise<Maximiser> {
    checkBackend('Maximiser.create', backend);
    const { outputs, updates, seen, shape, options } = planAscent({ model, preprocessing }, unit, given);
    const climbing = await compile(outputs, backend, updates);
    const looking = await compile(seen, backend).catch((error: unknown) => {
      climbing.dispose();
      throw error;
    });
    return new Maximiser(preprocessing, shape, options, climbing, looking);
  }

  /**
   * Goes on to the last step, and tells after each where it stands. Whoever leaves the loop may go on later.
   * @throws DeviceError if the device fails; the reason of an aborted signal
   */
  async *climb(signal?: AbortSignal): AsyncGenerator<Height, void> {
    const { steps, rate } = this.options;
    while (this.#step < steps) {
      signal?.throwIfAborted();
      const { activation } = await this.climbing.run({
        rate: Float32Array.of(rate * (1 - this.#step / steps)),
        ...this.#shift(this.#step === steps - 1),
      });
      this.#step++;
      yield { step: this.#step, activation: activation[0] };
    }
  }

  /** The picture as it is now, and how much it excites the unit. */
  async look(): Promise<{ readonly picture: Picture; readonly activation: number }> {
    const { picture, activation } = await this.looking.run();
    return { picture: this.#asPicture(picture), activation: activation[0] };
  }

  /** Gives back the device memory that it holds. */
  dispose(): void {
    for (const program of [this.climbing, this.looking]) program.dispose();
  }

  /** Rolls the picture to another place; after the last step back to where it belongs. */
  #shift(isLast: boolean): Record<string, Values> {
    const { jitter } = this.options;
    const [, height, width] = this.shape;
    const anywhere = (): number => this.#random.integer(2 * jitter + 1) - jitter;
    const next: Offset = isLast ? [0, 0] : [anywhere(), anywhere()];
    const [down, right] = next.map((offset, axis) => offset - this.#rolled[axis]);
    this.#rolled = next;
    return { rows: rolling(height, down, 'down'), columns: rolling(width, right, 'right') };
  }

  #asPicture(values: Values): Picture {
    const { mean, std } = this.preprocessing;
    const [channels, height, width] = this.shape;
    const [down, right] = this.#rolled;
    const data = new Uint8Array(height * width * 3);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = modulo(y + down, height) * width + modulo(x + right, width);
        for (let colour = 0; colour < 3; colour++) {
          // A model that sees luminance has one channel.
          const channel = Math.min(colour, channels - 1);
          const value = values[channel * height * width + at] * std[channel] + mean[channel];
          data[(y * width + x) * 3 + colour] = Math.round(255 * Math.min(1, Math.max(0, value)));
        }
      }
    }
    return { width, height, data };
  }
}

type Offset = readonly [down: number, right: number];

/** The permutation that moves each element by so many places, as a matrix before what it moves down, or behind what it moves right. */
function rolling(size: number, places: number, way: 'down' | 'right'): Float32Array {
  const matrix = new Float32Array(size * size);
  for (let from = 0; from < size; from++) {
    const to = modulo(from + places, size);
    matrix[way === 'down' ? to * size + from : from * size + to] = 1;
  }
  return matrix;
}

function modulo(value: number, size: number): number {
  return ((value % size) + size) % size;
}
