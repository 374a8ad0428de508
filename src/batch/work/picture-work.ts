import { ImageError, VitrineError } from '../../errors.js';
import { failureInWords as reasonOf } from '../../node/index.js';
import { MemoryError } from '../../node/pictures/refusals.js';
import { Turns } from '../../backends/turns.js';
import type { AskedClass } from '../../pipeline/index.js';
import type { Crew } from '../crew/crew.js';
import type { Found } from '../crew/engine.js';
import type { PreparedPicture } from '../crew/pictures.js';
import type { Item } from '../inputs/item.js';
import { readItem } from '../inputs/read.js';
import { digestOf, isOfShard, keyOf } from '../plan.js';
import { drawnFile } from '../result-folders.js';
import {
  failureInWords,
  failureOf,
  isFailed,
  passingFailureOf,
  type Record,
  type RecordedMap,
} from '../results/record.js';
import type { Entry } from '../results/tables.js';
import { Runs } from './runs.js';
import { givenTargets } from './targets.js';
import type { Done, Work } from './work.js';

/** Pictures that are read before it is known how many the device takes at a time. */
const AT_FIRST = 4;

/** What ends so many processes that do nothing else is the picture's doing. */
const MOST_ENDS = 2;

/** A picture at which whatever works on it comes to its end. */
class FatalError extends ImageError {}

/** A picture that can be named: it was read. */
interface Named {
  readonly item: Item;
  readonly bytes: Buffer;
  readonly targets: readonly AskedClass[] | undefined;
  readonly key: string;
}

/** What is done with each picture: from its bytes to its record. */
export class PictureWork {
  /** What is worked on, by keys: of pictures that are the same, the others wait for the first. */
  readonly #underWay = new Map<string, Promise<Record>>();
  readonly #alone = new Turns();
  #crew: Promise<Crew> | undefined;
  #runs: Promise<Runs> | undefined;
  #capacity = AT_FIRST;

  /** @param plan its digest */
  constructor(
    private readonly work: Work,
    private readonly plan: string,
  ) {}

  /** How many pictures may be under way. */
  get capacity(): number {
    return this.#capacity;
  }

  /** @throws DeviceError, UsageError for what is no picture's fault */
  async take(item: Item): Promise<Entry> {
    const { name, class: of } = item;
    const about = { name, ...(of === undefined ? {} : { class: of }) };
    const tell = (how: Done['how'], failure?: string): void => {
      this.work.tell({ item, how, ...(failure === undefined ? {} : { failure }) });
    };
    const named = await this.#named(item);
    if (typeof named === 'string') {
      tell('failed', named);
      return { ...about, failure: named };
    }
    const { key } = named;
    if (!isOfShard(key, this.work.shard)) {
      tell('others');
      return { ...about, key };
    }
    const isThere = this.work.parts.has(key) || this.#underWay.has(key);
    const failure = await this.#done(named);
    if (failure !== undefined) tell('failed', failureInWords({ failure }, name));
    else tell(isThere ? 'there' : 'explained');
    return { ...about, key };
  }

  /** Why it cannot even be read, or is not the one that was meant, a sentence. */
  async #named(item: Item): Promise<Named | string> {
    try {
      const bytes = await readItem(item);
      const targets = givenTargets(item.class, this.work.labels);
      const key = keyOf(this.plan, digestOf(bytes), targets);
      if (item.key !== undefined && item.key !== key)
        return `${item.name} was changed after it had been submitted.`;
      return { item, bytes, targets, key };
    } catch (error) {
      if (!(error instanceof VitrineError)) throw error;
      return error.message;
    }
  }

  /** Sees to it that there is a record. @returns why there is no explanation, if there is none */
  async #done(named: Named): Promise<string | undefined> {
    const { parts } = this.work;
    const { key } = named;
    const underWay = this.#underWay.get(key);
    if (!underWay && parts.has(key)) return parts.failureOf(key);
    const making = underWay ?? this.#made(named);
    this.#underWay.set(key, making);
    try {
      const record = await making;
      return isFailed(record) ? record.failure : undefined;
    } finally {
      this.#underWay.delete(key);
    }
  }

  async #made(named: Named): Promise<Record> {
    const { underWay, parts } = this.work;
    await underWay?.enter(named.item);
    try {
      const record = await this.#record(named);
      await parts.add(record);
      return record;
    } finally {
      underWay?.leave(named.item);
    }
  }

  async #record(named: Named): Promise<Record> {
    const { item, targets, key } = named;
    const runs = this.#runs && (await this.#runs);
    const over = runs?.announce();
    try {
      const prepared = await this.#prepared(named);
      const { width, height, note, forms, picture } = prepared;
      this.#runs ??= this.#runsFor(prepared);
      const found = await (await this.#runs).explain({ forms, targets }, over);
      if ('failure' in found) return failureOf(key, `${item.name}: ${found.failure}.`, item.name);
      const maps = picture ? await this.#drawn(named, picture, found) : found.maps;
      const about = { key, width, height, ...(note === undefined ? {} : { note }) };
      return { ...about, predictions: found.predictions, maps };
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      // Neither may be so another time, with more memory.
      const isPassing = error instanceof FatalError || error instanceof MemoryError;
      const failed = isPassing ? passingFailureOf : failureOf;
      return failed(key, error.message, item.name);
    } finally {
      over?.();
    }
  }

  async #runsFor({ forms }: PreparedPicture): Promise<Runs> {
    const crew = await this.#openedCrew();
    const batch = await crew.measure(forms);
    this.#capacity = crew.capacity;
    return new Runs(crew, batch);
  }

  /** @throws ImageError if it is no picture; FatalError if it ends what reads it */
  async #prepared(named: Named): Promise<PreparedPicture> {
    const { item, bytes } = named;
    const crew = await this.#openedCrew();
    const keep = this.work.plan.formats.includes('png');
    return this.#orAlone(
      named,
      (alone) => crew.prepare(bytes, item.name, keep, alone),
      `${item.name} cannot be decoded`,
    );
  }

  /** @throws FatalError if it ends what draws it */
  async #drawn(
    named: Named,
    picture: NonNullable<PreparedPicture['picture']>,
    { maps, drawn = [] }: Extract<Found, { readonly maps: unknown }>,
  ): Promise<readonly RecordedMap[]> {
    const { item, key } = named;
    const crew = await this.#openedCrew();
    const drawings = await this.#orAlone(
      named,
      (alone) => crew.draw(picture, drawn, alone),
      `${item.name} cannot be drawn`,
    );
    return Promise.all(
      maps.map(async (map, i) => {
        const file = drawnFile(key, this.work.maps[i]);
        await this.work.shelf.write(file, drawings[i]);
        return { ...map, file };
      }),
    );
  }

  /** What a thread ended at is tried once more in a process of its own, where no other picture can be the reason. */
  async #orAlone<Result>(
    { item, key }: Named,
    work: (alone: boolean) => Promise<Result>,
    failure: string,
  ): Promise<Result> {
    // What has failed and may be otherwise another time may be as before, too.
    const isSuspect = this.work.isSuspect(item) || this.work.parts.failureOf(key) !== undefined;
    if (!isSuspect) {
      try {
        return await work(false);
      } catch (error) {
        // Memory may have been short for what others took of it.
        if (error instanceof VitrineError && !(error instanceof MemoryError)) throw error;
      }
    }
    return this.#alone.take(async () => {
      const { signal } = this.work;
      let cause: unknown;
      for (let ends = 0; ends < MOST_ENDS; ends++) {
        signal.throwIfAborted();
        try {
          return await work(true);
        } catch (error) {
          if (error instanceof VitrineError) throw error;
          cause = error;
        }
      }
      // Whoever ends this process may have ended that one first.
      signal.throwIfAborted();
      throw new FatalError(`${failure}: ${reasonOf(cause)}.`, { cause });
    });
  }

  #openedCrew(): Promise<Crew> {
    return (this.#crew ??= this.work.crew());
  }
}
