import type { Crew } from '../crew/crew.js';
import type { EnginePicture, Found } from '../crew/engine.js';

interface Waiting {
  readonly picture: EnginePicture;
  readonly resolve: (found: Found) => void;
  readonly reject: (error: unknown) => void;
}

/** Puts pictures together into runs of the device, as many as one takes, and fewer when no other is on its way. */
export class Runs {
  #waiting: Waiting[] = [];
  #running = 0;
  #coming = 0;

  constructor(
    private readonly crew: Pick<Crew, 'explain' | 'runs'>,
    private readonly batch: number,
  ) {}

  /** Tells of a picture that may come. It is over when it has come, or the returned function is called. */
  announce(): () => void {
    this.#coming++;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#coming--;
      this.#start();
    };
  }

  /** @param over what its announcement gave: it has come */
  explain(picture: EnginePicture, over?: () => void): Promise<Found> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ picture, resolve, reject });
      over?.();
      this.#start();
    });
  }

  #start(): void {
    while (this.#running < this.crew.runs && this.#waiting.length > 0) {
      if (this.#waiting.length < this.batch && this.#coming > 0) return;
      void this.#run(this.#waiting.splice(0, this.batch));
    }
  }

  async #run(those: readonly Waiting[]): Promise<void> {
    this.#running++;
    try {
      const found = await this.crew.explain(those.map(({ picture }) => picture));
      those.forEach(({ resolve }, i) => {
        resolve(found[i]);
      });
    } catch (error) {
      for (const { reject } of those) reject(error);
    } finally {
      this.#running--;
      this.#start();
    }
  }
}
