import { ratios } from '../discarding.js';
import type { Fusion } from '../fused.js';
import type { ColourMaps } from './colour-maps.js';
import { choiceOf, slider } from './controls.js';
import { make } from './dom.js';
import { MapFigure } from './map-figure.js';
import { ratioInWords, type Sources } from './sources.js';
import { lookedAt, type State, type Store } from './state.js';
import { ValuesTable } from './values-table.js';

/** One of the two places for maps: which is chosen, how it is computed if that is done here, and the map. */
export class Place {
  readonly element: HTMLElement;
  readonly #figure: MapFigure;
  readonly #table = new ValuesTable();
  readonly #which;
  readonly #how = make('div', { class: 'how' });
  readonly #fusion;
  readonly #ratio;

  constructor(
    store: Store,
    colours: ColourMaps,
    private readonly number: 0 | 1,
    private readonly sources: Sources,
    fusions: readonly Fusion[],
    keep: (patch: number | undefined) => void,
  ) {
    const label = number === 0 ? 'Map' : 'Beside it';
    this.#which = choiceOf(label, sources.choices(), (value) => {
      store.show(number, { source: value === 'rollout' ? value : Number(value) });
    });
    this.#fusion = choiceOf(
      'Head fusion',
      fusions.map((fusion) => ({ value: fusion, words: fusion })),
      (value) => {
        store.show(number, { fusion: value as Fusion });
      },
    );
    this.#ratio = slider({
      label: 'Discard ratio',
      most: ratios.length - 1,
      words: ratioInWords,
      choose: (step) => {
        store.show(number, { step });
      },
    });
    this.#how.append(this.#fusion.element, this.#ratio.element);
    this.#figure = new MapFigure(store, colours, keep);
    this.element = make('div', { class: 'place' }, [
      this.#which.element,
      this.#how,
      this.#figure.element,
      this.#table.element,
    ]);
  }

  draw(state: State): void {
    this.element.hidden = this.number === 1 && !state.both;
    if (this.element.hidden) return;
    const shown = state.shown[this.number];
    this.#which.show(String(shown.source));
    this.#how.hidden = shown.source !== 'rollout';
    this.#fusion.show(shown.fusion);
    this.#ratio.show(shown.step);
    const map = this.sources.of(shown);
    this.#figure.show(map, lookedAt(state));
    this.#table.show(map);
  }
}
