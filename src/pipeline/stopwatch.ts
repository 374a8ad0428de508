/** Times the phases of something, however they take turns. */
export class Stopwatch<Phase extends string> {
  readonly #milliseconds = new Map<Phase, number>();
  #last = performance.now();

  /** What has passed since the last lap, or the start, was this phase's. */
  lap(phase: Phase): void {
    const now = performance.now();
    this.#milliseconds.set(phase, this.of(phase) + now - this.#last);
    this.#last = now;
  }

  /** All laps of a phase, in milliseconds. */
  of(phase: Phase): number {
    return this.#milliseconds.get(phase) ?? 0;
  }
}
