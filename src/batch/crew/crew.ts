import { availableParallelism } from 'node:os';
import type { VisionTransformerConfig } from '../../models/index.js';
import type { BatchPlan } from '../plan.js';
import { CrewMember } from './member.js';
import type { EngineData, EnginePicture, EngineTask, Found } from './engine.js';
import type { DrawnMap, Forms, PictureResult, PictureTask, PreparedPicture } from './pictures.js';
import { engineShares } from './shares.js';
import { ownProcess, thread } from './workplaces.js';
import type { StudioData } from './pictures-thread.js';

/** What the threads of a batch are opened with. */
export interface CrewOptions {
  readonly plan: BatchPlan;
  readonly config: VisionTransformerConfig;
  readonly adapter: string | undefined;
  readonly threads: number | undefined;
  /** Pictures of a run; undefined: what a measurement says. */
  readonly batch: number | undefined;
  /** Milliseconds in which a picture is read or drawn, or never will be; two minutes if left out. */
  readonly patience?: number;
}

/** The largest pictures that are read take some ten seconds, on a machine that does nothing else. */
const PATIENCE = 120_000;

/** Sizes that are tried. */
const SIZES = [1, 2, 4, 8, 16];

/**
 * What share of the time a larger one may take. On a processor, each lane has memory for its run, and whatever else the machine does
 * disturbs the measurement: a little is not worth it.
 */
const WORTH = { processor: 0.8, other: 0.97 };

type Reader = CrewMember<PictureTask, PictureResult>;

/** The threads of a process that work on pictures: some read and draw, some hold the model on a device. */
export class Crew {
  private constructor(
    private readonly readers: readonly Reader[],
    /** Works on what others may come to their end at, in a process of its own. */
    private readonly lonely: Reader,
    private readonly engines: readonly CrewMember<EngineTask, number | readonly Found[]>[],
    /** How many runs are possible at a time. */
    readonly runs: number,
    private asked: number | undefined,
    private readonly worth: number,
  ) {}

  /** @throws VitrineError if model or device cannot be opened */
  static async open(options: CrewOptions): Promise<Crew> {
    const { plan, config, adapter, threads, patience = PATIENCE } = options;
    // Its libraries must be loaded by the main thread before others may use them.
    await import('sharp');
    const shares = engineShares(plan.backend, threads, config);
    const cores = shares.reduce((sum, share) => sum + (share.threads ?? 0), 0);
    const studio: StudioData = { plan, config };
    const crew = new Crew(
      Array.from(
        { length: cores || Math.max(1, availableParallelism() - 1) },
        // A thread that is given up may never end, and keeps one of those that all threads share: each may do that once.
        (): Reader => new CrewMember(thread('pictures', studio), patience, ownProcess('pictures', studio)),
      ),
      new CrewMember(ownProcess('pictures', studio), patience),
      shares.map(
        (share) => new CrewMember(thread('engine', { plan, adapter, ...share } satisfies EngineData)),
      ),
      shares.reduce((sum, { lanes }) => sum + lanes, 0),
      options.batch,
      cores > 0 ? WORTH.processor : WORTH.other,
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
    return this.readers.length + 2 * this.runs * (this.asked ?? 1);
  }

  /**
   * @param alone whether in a process of its own, which may come to its end without harm to others
   * @throws ImageError for what is no picture
   */
  prepare(bytes: Uint8Array, name: string, keep: boolean, alone = false): Promise<PreparedPicture> {
    const task = { kind: 'prepare', bytes, name, keep } as const;
    return this.#reader(alone).ask(task) as Promise<PreparedPicture>;
  }

  /** @param alone whether in a process of its own, which may come to its end without harm to others */
  draw(
    picture: NonNullable<PreparedPicture['picture']>,
    maps: readonly DrawnMap[],
    alone = false,
  ): Promise<readonly Uint8Array[]> {
    return this.#reader(alone).ask({ kind: 'draw', picture, maps }) as Promise<readonly Uint8Array[]>;
  }

  /** @param pictures as many as a run takes, or fewer */
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
    let [chosen] = SIZES;
    let best = await timeOf(chosen);
    for (const size of SIZES.slice(1)) {
      const time = await timeOf(size);
      // Once a larger one is no faster, the next ones take more memory for nothing; and the first may have been disturbed.
      if (time > best * this.worth || time > (await timeOf(chosen)) * this.worth) break;
      [chosen, best] = [size, time];
    }
    this.asked = chosen;
    return chosen;
  }

  #reader(alone: boolean): Reader {
    return alone ? this.lonely : leastBusy(this.readers);
  }

  async close(): Promise<void> {
    await Promise.all([...this.readers, this.lonely, ...this.engines].map((thread) => thread.stop()));
  }
}

function leastBusy<Thread extends { readonly load: number }>(threads: readonly Thread[]): Thread {
  return threads.reduce((best, thread) => (thread.load < best.load ? thread : best));
}
