import type { Fusion } from '../fused.js';

/** What is shown at one of the two places for maps. */
export interface Shown {
  /** Number of one of the page's maps, or the rollout that is computed here. */
  readonly source: number | 'rollout';
  readonly fusion: Fusion;
  /** Of the discard ratio: see `ratios`. */
  readonly step: number;
}

/** All that a person can change. */
export interface State {
  /** The patch that is kept, and the one that is pointed at. */
  readonly patch: number;
  readonly pointed: number | undefined;
  readonly colormap: string;
  /** Percent. */
  readonly opacity: number;
  readonly both: boolean;
  readonly shown: readonly [Shown, Shown];
  readonly layer: number;
  /** Number of a view of the layer's attention. */
  readonly view: number;
}

/** The state of the page, drawn anew when it has changed, once for each picture that the screen shows. */
export class Store {
  readonly #drawn: ((state: State) => void)[] = [];
  #isWaiting = false;

  constructor(private state: State) {}

  get now(): State {
    return this.state;
  }

  set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    requestAnimationFrame(() => {
      this.#isWaiting = false;
      this.draw();
    });
  }

  /** Another choice at one of the two places. */
  show(place: 0 | 1, change: Partial<Shown>): void {
    const [first, second] = this.state.shown;
    this.set({ shown: place === 0 ? [{ ...first, ...change }, second] : [first, { ...second, ...change }] });
  }

  onDraw(draw: (state: State) => void): void {
    this.#drawn.push(draw);
  }

  draw(): void {
    for (const draw of this.#drawn) draw(this.state);
  }
}

/** The patch whose attention is shown. */
export function lookedAt({ pointed, patch }: State): number {
  return pointed ?? patch;
}
