import { numberInWords } from '../../number-in-words.js';
import type { HeldAttention } from '../held-attention.js';
import type { ColourMaps } from './colour-maps.js';
import { slider } from './controls.js';
import { make } from './dom.js';
import { MapFigure, placeOf, type ShownMap } from './map-figure.js';
import type { Photograph } from './photographs.js';
import { lookedAt, type State, type Store } from './state.js';

/** Attention of a layer and a head: of what is classified, and of the patch that is looked at, from it and to it. */
export class AttentionSection {
  readonly #layer;
  readonly #view;
  readonly #figures: readonly MapFigure[];
  readonly #views: readonly string[];
  /** Maps by what they are of: the same one is not drawn twice. */
  #known = new Map<string, ShownMap>();

  constructor(
    parent: HTMLElement,
    store: Store,
    colours: ColourMaps,
    private readonly attention: HeldAttention,
    private readonly photograph: Photograph,
    keep: (patch: number | undefined) => void,
  ) {
    this.#views = attention.views;
    this.#layer = slider({
      label: 'Layer',
      most: attention.stored.depth - 1,
      words: (layer) => `block ${layer}`,
      choose: (layer) => {
        store.set({ layer });
      },
    });
    this.#view = slider({
      label: 'Head',
      most: this.#views.length - 1,
      words: (view) => viewInWords(this.#views[view]),
      choose: (view) => {
        store.set({ view });
      },
    });
    const count = attention.stored.form === 'query' ? 1 : 3;
    this.#figures = Array.from({ length: count }, () => new MapFigure(store, colours, keep));
    parent.append(
      make('div', { class: 'controls' }, [
        this.#layer.element,
        ...(this.#views.length > 1 ? [this.#view.element] : []),
      ]),
      make(
        'div',
        { class: 'maps three' },
        this.#figures.map(({ element }) => element),
      ),
    );
  }

  draw(state: State): void {
    this.#layer.show(state.layer);
    this.#view.show(state.view);
    const patch = lookedAt(state);
    const token = this.attention.stored.prefixTokens + patch;
    const view = this.#views[state.view];
    const { layer } = state;
    const { attention } = this;
    const where = `block ${layer}, ${viewInWords(view)}`;
    const place = placeOf(attention.stored, patch);
    const shown = [
      this.#map(`query ${layer} ${view}`, `what ${this.#query()} attends to`, where, () =>
        attention.fromQuery(layer, view),
      ),
      ...(this.#figures.length === 1
        ? []
        : [
            this.#map(`from ${layer} ${view} ${token}`, `what ${place} attends to`, where, () =>
              attention.fromToken(layer, view, token),
            ),
            this.#map(
              `to ${layer} ${view} ${token}`,
              `what attends to ${place}`,
              where,
              () => attention.toToken(layer, view, token),
              false,
            ),
          ]),
    ];
    this.#known = new Map(shown.map(([key, map]) => [key, map]));
    for (const [i, figure] of this.#figures.entries()) figure.show(shown[i][1], patch);
  }

  /** @param isShared whether the weights of all tokens sum to 1, so that it says something how much goes to no patch */
  #map(
    key: string,
    heading: string,
    where: string,
    compute: () => Float32Array,
    isShared = true,
  ): readonly [string, ShownMap] {
    const known = this.#known.get(key);
    if (known) return [key, known];
    const { prefixTokens, grid } = this.attention.stored;
    const tokens = compute();
    const elsewhere = tokens.subarray(0, prefixTokens).reduce((sum, value) => sum + value, 0);
    const words =
      prefixTokens > 0 && isShared ? `${where}; ${numberInWords(elsewhere)} goes to no patch` : where;
    return [
      key,
      {
        heading,
        words,
        grid,
        values: tokens.subarray(prefixTokens),
        colormap: 'turbo',
        photograph: this.photograph,
      },
    ];
  }

  #query(): string {
    const { query, stored } = this.attention;
    return stored.prefixTokens > 0 && query[0] === 1 ? 'the class token' : 'what is classified';
  }
}

/** `mean of heads`, `head 3`. */
function viewInWords(view: string): string {
  return view.startsWith('head') ? view : `${view} of heads`;
}
