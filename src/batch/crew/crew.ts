import { availableParallelism, freemem } from 'node:os';
import type { VisionTransformerConfig } from '../../models/index.js';
import { threadsToUse } from '../../node/devices/threads.js';
import type { BatchPlan } from '../plan.js';
import { CrewThread } from './crew-thread.js';
import type { EngineData, EnginePicture, EngineTask, Found } from './engine.js';
import type { DrawnMap, Forms, PictureResult, PictureTask, PreparedPicture } from './pictures.js';
import { ownBuffer } from './serve.js';
import type { StudioData } from './pictures-thread.js';

/** What the threads of a batch are opened with. */
export interface CrewOptions {
  readonly plan: BatchPlan;
  readonly config: VisionTransformerConfig;
  /** Bytes of the model's parameters. */
  readonly parameterBytes: number;
  readonly adapter: string | undefined;
  readonly threads: number | undefined;
  /** Pictures of a run; undefined: what a measurement says. */
  readonly batch: number | undefined;
}

/** Sizes that are tried, and by how much a larger one must be faster to be taken. */
const SIZES = [1, 2, 4, 8, 16];
const FASTER = 0.97;

/** Backends whose threads share out one run: several runs of one thread each wait less for each other. */
const onProcessor: readonly string[] = ['native', 'wasm'];

/**
 * The threads of a process that work on pictures: some read and draw, some hold the model on a device. A processor's cores each have
 * a model of their own, as far as memory allows; a GPU has one.
 */
export class Crew {
  readonly #lonely: CrewThread<PictureTask, PictureResult>;

  private constructor(
    studio: StudioData,
    private readonly readers: readonly CrewThread<PictureTask, PictureResult>[],
    private readonly engines: readonly CrewThread<EngineTask, number | readonly Found[]>[],
    private asked: number | undefined,
  ) {
    this.#lonely = new CrewThread('pictures-thread', studio);
  }

  /** @throws VitrineError if model or device cannot be opened */
  static async open(options: CrewOptions): Promise<Crew> {
    const { plan, config, adapter } = options;
    // Its libraries must be loaded by the main thread before others may use them.
    await import('sharp');
    const threads = onProcessor.includes(plan.backend) ? (options.threads ?? threadsToUse()) : undefined;
    const engines = Math.min(threads ?? 1, enginesThatFit(options.parameterBytes));
    const readers = threads ?? Math.max(1, availableParallelism() - 1);
    const data = (engine: number): EngineData => {
      if (threads === undefined) return { plan, adapter, threads };
      // What does not divide goes to the first ones.
      return { plan, adapter, threads: Math.floor(threads / engines) + (engine < threads % engines ? 1 : 0) };
    };
    const studio: StudioData = { plan, config };
    const crew = new Crew(
      studio,
      Array.from({ length: readers }, () => new CrewThread('pictures-thread', studio)),
      Array.from({ length: engines }, (_, engine) => new CrewThread('engine-thread', data(engine))),
      options.batch,
    );
    try {
      await Promise.all(crew.engines.map((engine) => engine.ask({ kind: 'open' })));
    } catch (error) {
      await crew.close();
      throw error;
    }
    return crew;
  }

  /** How many pictures keep it busy. */
  get capacity(): number {
    return this.readers.length + 2 * this.engines.length * (this.asked ?? 1);
  }

  /** Pictures of a run. */
  get batch(): number | undefined {
    return this.asked;
  }

  /** How many runs are possible at a time. */
  get runs(): number {
    return this.engines.length;
  }

  /** @throws ImageError for what is no picture */
  prepare(bytes: Uint8Array, name: string, keep: boolean): Promise<PreparedPicture> {
    const task = { kind: 'prepare', bytes, name, keep } as const;
    return leastBusy(this.readers).ask(task, ownBuffer(bytes)) as Promise<PreparedPicture>;
  }

  /** The same in a thread that does nothing else. */
  prepareAlone(bytes: Uint8Array, name: string, keep: boolean): Promise<PreparedPicture> {
    return this.#lonely.ask({ kind: 'prepare', bytes, name, keep }) as Promise<PreparedPicture>;
  }

  draw(
    picture: NonNullable<PreparedPicture['picture']>,
    maps: readonly DrawnMap[],
  ): Promise<readonly Uint8Array[]> {
    return leastBusy(this.readers).ask({ kind: 'draw', picture, maps }) as Promise<readonly Uint8Array[]>;
  }

  /** The same in a thread that does nothing else. */
  drawAlone(
    picture: NonNullable<PreparedPicture['picture']>,
    maps: readonly DrawnMap[],
  ): Promise<readonly Uint8Array[]> {
    return this.#lonely.ask({ kind: 'draw', picture, maps }) as Promise<readonly Uint8Array[]>;
  }

  explain(pictures: readonly EnginePicture[]): Promise<readonly Found[]> {
    const batch = this.asked ?? pictures.length;
    return leastBusy(this.engines).ask({ kind: 'explain', batch, pictures }) as Promise<readonly Found[]>;
  }

  /**
   * Finds out in batches of which size a picture takes the least time, unless it was said.
   * @param forms of any picture: how long it takes does not depend on what is on it
   */
  async measure(forms: Forms): Promise<number> {
    if (this.asked !== undefined) return this.asked;
    // All at once, as they will work.
    const timeOf = async (batch: number): Promise<number> => {
      const times = await Promise.all(
        this.engines.map((engine) => engine.ask({ kind: 'measure', batch, forms }) as Promise<number>),
      );
      return Math.max(...times);
    };
    let [chosen, best] = [SIZES[0], Infinity];
    for (const size of SIZES) {
      const time = await timeOf(size);
      // Once a larger one is no faster, the next ones take more memory for nothing.
      if (time > best * FASTER) break;
      [chosen, best] = [size, time];
    }
    this.asked = chosen;
    return chosen;
  }

  async close(): Promise<void> {
    await Promise.all([...this.readers, this.#lonely, ...this.engines].map((thread) => thread.stop()));
  }
}

/** As many as leave three quarters of the free memory to all else. Values in between take about as much as parameters. */
function enginesThatFit(parameterBytes: number): number {
  return Math.max(1, Math.floor(freemem() / 4 / (2 * parameterBytes)));
}

function leastBusy<Thread extends { readonly load: number }>(threads: readonly Thread[]): Thread {
  return threads.reduce((best, thread) => (thread.load < best.load ? thread : best));
}
