import { Turns } from './turns.js';

/** Several places where work takes turns, so that as many pieces are worked on at a time. */
export class Lanes {
  readonly #lanes: readonly { readonly turns: Turns; load: number }[];

  constructor(count: number) {
    this.#lanes = Array.from({ length: count }, () => ({ turns: new Turns(), load: 0 }));
  }

  /** Where the fewest wait. */
  take<T>(work: (lane: number) => T | Promise<T>): Promise<T> {
    const loads = this.#lanes.map(({ load }) => load);
    return this.on(loads.indexOf(Math.min(...loads)), work);
  }

  /** In the given one. */
  async on<T>(number: number, work: (lane: number) => T | Promise<T>): Promise<T> {
    const lane = this.#lanes[number];
    lane.load++;
    try {
      return await lane.turns.take(() => work(number));
    } finally {
      lane.load--;
    }
  }
}

/** A number in whole parts; what does not divide goes to the first ones. */
export function evenShares(total: number, parts: number): number[] {
  return Array.from({ length: parts }, (_, part) => Math.floor(total / parts) + Number(part < total % parts));
}
