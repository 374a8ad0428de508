import { layHeat, rangeOf, type ColormapName, type PatchMap, type Range } from '../../../image/index.js';
import { numberInWords } from '../../number-in-words.js';
import type { ColourMaps } from './colour-maps.js';
import { freshId, make } from './dom.js';
import { paint, type Photograph } from './photographs.js';
import type { Store } from './state.js';

/** A map as it is to be shown. */
export interface ShownMap extends PatchMap {
  readonly heading: string;
  /** What it shows, and what must be known of it. */
  readonly words: string;
  readonly colormap: ColormapName;
  /** What values below 0 and above it mean, if there are both. */
  readonly ends?: readonly [below: string, above: string] | undefined;
  readonly photograph: Photograph;
}

/** Keys that move, by rows and columns. */
const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** A map over the picture, with a patch that is marked and may be moved, and what the colours stand for. */
export class MapFigure {
  readonly element: HTMLElement;
  readonly #heading: HTMLElement;
  readonly #words = make('p', { class: 'words' });
  readonly #canvas = make('canvas', { 'aria-hidden': 'true' });
  readonly #mark = make('div', { class: 'mark', 'aria-hidden': 'true' });
  readonly #stage: HTMLElement;
  readonly #bar = make('canvas', { class: 'bar', width: '256', height: '1', 'aria-hidden': 'true' });
  readonly #low = make('span');
  readonly #middle = make('span');
  readonly #high = make('span');
  readonly #reading = make('p', { class: 'reading' });
  #map: ShownMap | undefined;
  #drawn = '';

  /** @param keep what becomes of a patch that is chosen for good; to let go of it, undefined */
  constructor(
    private readonly store: Store,
    private readonly colours: ColourMaps,
    keep: (patch: number | undefined) => void,
    level: 'h3' | 'h4' = 'h3',
  ) {
    const id = freshId();
    this.#heading = make(level, { id });
    this.#stage = make(
      'div',
      {
        class: 'stage',
        tabindex: '0',
        role: 'application',
        'aria-roledescription': 'map of patches',
        'aria-labelledby': id,
        'aria-describedby': 'keys',
      },
      [this.#canvas, this.#mark],
    );
    const ends = make('div', { class: 'ends' }, [this.#low, this.#middle, this.#high]);
    this.element = make('figure', { class: 'map' }, [
      make('figcaption', {}, [this.#heading, this.#words]),
      this.#stage,
      this.#bar,
      ends,
      this.#reading,
    ]);
    this.#stage.addEventListener('pointermove', (event) => {
      store.set({ pointed: this.#patchAt(event) });
    });
    this.#stage.addEventListener('pointerleave', () => {
      store.set({ pointed: undefined });
    });
    this.#stage.addEventListener('click', (event) => {
      keep(this.#patchAt(event));
    });
    this.#stage.addEventListener('keydown', (event) => {
      const [rows, columns] = this.#map!.grid;
      if (event.key === 'Escape') keep(undefined);
      if (!Object.hasOwn(moves, event.key)) return;
      event.preventDefault();
      const { patch } = store.now;
      const [down, across] = moves[event.key];
      const row = Math.min(rows - 1, Math.max(0, Math.floor(patch / columns) + down));
      const column = Math.min(columns - 1, Math.max(0, (patch % columns) + across));
      keep(row * columns + column);
    });
  }

  /** @param patch that is marked */
  show(map: ShownMap, patch: number): void {
    const { store } = this;
    const name = store.now.colormap || map.colormap;
    const colours = this.colours.get(name)!;
    const { diverging, table } = colours;
    const range = rangeOf(map.values, diverging);
    const opacity = store.now.opacity / 100;
    const key = [name, opacity].join();
    if (this.#map?.values !== map.values || this.#map.photograph !== map.photograph || this.#drawn !== key) {
      const { picture, geometry } = map.photograph;
      paint(this.#canvas, layHeat(picture, map, geometry, colours, { opacity, range }));
      paint(this.#bar, { width: 256, height: 1, data: table });
      this.#drawn = key;
    }
    this.#map = map;
    this.#heading.textContent = map.heading;
    this.#words.textContent = map.words;
    this.#showEnds(range, diverging, map.ends);
    this.#moveMark(map, patch);
    this.#reading.textContent = `${placeOf(map, patch)}: ${numberInWords(map.values[patch])}`;
  }

  #showEnds([low, high]: Range, diverging: boolean, ends: ShownMap['ends']): void {
    const [below, above] = (diverging && ends) || ['', ''];
    this.#low.textContent = `${numberInWords(low)} ${below}`.trim();
    this.#middle.textContent = diverging && high > 0 ? '0' : '';
    this.#high.textContent = `${above} ${numberInWords(high)}`.trim();
  }

  #moveMark({ grid: [rows, columns] }: PatchMap, patch: number): void {
    const percent = (share: number): string => `${100 * share}%`;
    const { style } = this.#mark;
    style.left = percent((patch % columns) / columns);
    style.top = percent(Math.floor(patch / columns) / rows);
    style.width = percent(1 / columns);
    style.height = percent(1 / rows);
  }

  #patchAt({ clientX, clientY }: MouseEvent): number {
    const [rows, columns] = this.#map!.grid;
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    const within = (share: number, count: number): number =>
      Math.min(count - 1, Math.max(0, Math.floor(share * count)));
    return within((clientY - top) / height, rows) * columns + within((clientX - left) / width, columns);
  }
}

/** `patch 3,4`, as `--patch` takes it. */
export function placeOf({ grid }: Pick<PatchMap, 'grid'>, patch: number): string {
  return `patch ${Math.floor(patch / grid[1])},${patch % grid[1]}`;
}
