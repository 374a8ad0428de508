import { ShapeError } from '../errors.js';
import { expectGiven, wholeNumber } from '../given.js';
import type { PatchMap } from '../image/index.js';
import { checkMap } from '../image/given.js';

/*
 * What is taken away of a picture to find out whether a map told the truth: what it calls most relevant first, or least. A state
 * is one way to be without some parts, a byte for each of them: 1 if it is gone.
 */

/** Steps from the whole picture to none of it. */
export const usualSteps = 14;

/** Where a map's steps lie among all states that have to be looked at. */
export interface Steps {
  /** From the whole picture on, what is most relevant gone first. */
  readonly mostFirst: readonly number[];
  readonly leastFirst: readonly number[];
}

/**
 * The order of places by value, highest first, and lowest first. Of equal values the lower index goes first in both, so that a
 * constant map has one order, and nothing between its two curves.
 */
export function ordersOf(values: ArrayLike<number>): {
  readonly mostFirst: Uint32Array;
  readonly leastFirst: Uint32Array;
} {
  const wrong = Array.from(values).findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw new ShapeError(`Value ${wrong} of the map is ${values[wrong]}, which has no rank.`);
  const places = Uint32Array.from({ length: values.length }, (_, i) => i);
  return {
    mostFirst: places.toSorted((a, b) => values[b] - values[a] || a - b),
    leastFirst: places.toSorted((a, b) => values[a] - values[b] || a - b),
  };
}

/** States of many maps of one picture, each once: all begin with the whole of it and end with nothing. */
export class RemovalPlan {
  readonly #states: Uint8Array[] = [];
  readonly #known = new Map<string, number>();

  /** @param steps in which a map's patches go: after step t `round(t n / steps)` are gone */
  constructor(readonly steps = usualSteps) {
    expectGiven('RemovalPlan: the number of steps', steps, wholeNumber(1));
  }

  /** What is to be looked at. */
  get states(): readonly Uint8Array[] {
    return this.#states;
  }

  /** @throws ShapeError if the map does not fit its grid, or a value is not finite */
  add(map: PatchMap): Steps {
    checkMap('RemovalPlan', map);
    const { mostFirst, leastFirst } = ordersOf(map.values);
    return { mostFirst: this.#along(mostFirst), leastFirst: this.#along(leastFirst) };
  }

  /**
   * The state without the most relevant share of the patches.
   * @returns its place among the states
   */
  addTop(map: PatchMap, share: number): number {
    checkMap('RemovalPlan', map);
    const { mostFirst } = ordersOf(map.values);
    return this.#placeOf(without(mostFirst, Math.round(share * mostFirst.length)));
  }

  #along(order: Uint32Array): number[] {
    return Array.from({ length: this.steps + 1 }, (_, step) =>
      this.#placeOf(without(order, Math.round((step * order.length) / this.steps))),
    );
  }

  #placeOf(state: Uint8Array): number {
    const key = String.fromCharCode(...state);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, this.#states.length);
    return this.#states.push(state) - 1;
  }
}

function without(order: Uint32Array, count: number): Uint8Array {
  const state = new Uint8Array(order.length);
  for (const place of order.subarray(0, count)) state[place] = 1;
  return state;
}
