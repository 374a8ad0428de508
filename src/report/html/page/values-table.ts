import { numberInWords } from '../../number-in-words.js';
import { make } from './dom.js';
import type { ShownMap } from './map-figure.js';

/** All values of a map as a table, which is made when somebody opens it. */
export class ValuesTable {
  readonly element: HTMLDetailsElement;
  readonly #holder = make('div', { class: 'values', tabindex: '0', role: 'region' });
  #map: ShownMap | undefined;
  #shown: ShownMap | undefined;

  constructor() {
    this.element = make('details', { class: 'table' }, [
      make('summary', {}, ['All values as a table']),
      this.#holder,
    ]);
    this.element.addEventListener('toggle', () => {
      this.#draw();
    });
  }

  show(map: ShownMap): void {
    this.#map = map;
    this.#draw();
  }

  #draw(): void {
    if (!this.element.open || !this.#map || this.#map === this.#shown) return;
    this.#shown = this.#map;
    const { heading, grid, values } = this.#map;
    const [rows, columns] = grid;
    const head = make('tr', {}, [
      make('th', { scope: 'col' }, ['row']),
      ...numbers(columns).map((column) => make('th', { scope: 'col' }, [String(column)])),
    ]);
    const body = numbers(rows).map((row) =>
      make('tr', {}, [
        make('th', { scope: 'row' }, [String(row)]),
        ...numbers(columns).map((column) => make('td', {}, [numberInWords(values[row * columns + column])])),
      ]),
    );
    this.#holder.setAttribute('aria-label', `values of ${heading}`);
    this.#holder.replaceChildren(
      make('table', {}, [
        make('caption', {}, [`${heading}, by row and column of the patches`]),
        make('thead', {}, [head]),
        make('tbody', {}, body),
      ]),
    );
  }
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}
