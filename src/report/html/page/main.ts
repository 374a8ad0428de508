import type { ExplanationDocument } from '../../../pipeline/index.js';
import { numberInWords } from '../../number-in-words.js';
import { HeldAttention } from '../held-attention.js';
import { elements, type PageData } from '../page-data.js';
import { AttentionSection } from './attention-section.js';
import { colourMapsOf, type ColourMaps } from './colour-maps.js';
import { checkbox, choiceOf, slider } from './controls.js';
import { find, make } from './dom.js';
import { placeOf } from './map-figure.js';
import { photographOf } from './photographs.js';
import { Place } from './place.js';
import { Sources } from './sources.js';
import { Store, type Shown } from './state.js';

/** Percent, as where pictures are drawn without a page. */
const usualOpacity = 75;

async function begin(): Promise<void> {
  const data = JSON.parse(find(elements.data).textContent) as PageData;
  const told = JSON.parse(find(elements.document).textContent) as ExplanationDocument;
  const photographs = await Promise.all(data.pictures.map((_, number) => photographOf(number)));
  const attention =
    data.attention && new HeldAttention({ ...data.attention, codes: find(elements.codes).textContent });
  const sources = new Sources(data, told, photographs, attention);
  const [first, second] = startOf(data, sources);
  const hottest = hottestOf(sources.of(first).values);
  const store = new Store({
    patch: hottest,
    pointed: undefined,
    colormap: data.colormap ?? '',
    opacity: usualOpacity,
    both: second !== first,
    shown: [first, second],
    layer: (attention?.stored.depth ?? 1) - 1,
    view: 0,
  });
  const keep = (patch: number = hottest): void => {
    store.set({ patch, pointed: undefined });
    const shown = store.now.shown.slice(0, store.now.both ? 2 : 1).map((one) => sources.of(one));
    const values = shown.map(({ heading, values }) => `${heading} ${numberInWords(values[patch])}`);
    find('said').textContent = `${placeOf(shown[0], patch)}: ${values.join('; ')}`;
  };
  const colours = colourMapsOf(data);
  makeControls(store, colours, sources);
  find('saving').append(saving());
  const places = ([0, 1] as const).map(
    (number) => new Place(store, colours, number, sources, attention?.fusions ?? [], keep),
  );
  find('places').replaceChildren(...places.map(({ element }) => element));
  for (const place of places) {
    store.onDraw((state) => {
      place.draw(state);
    });
  }
  if (attention) {
    const parent = find('attention-maps');
    const section = new AttentionSection(parent, store, colours, attention, photographs[0], keep);
    find('attention').hidden = false;
    store.onDraw((state) => {
      section.draw(state);
    });
  }
  store.draw();
  document.documentElement.dataset['ready'] = '';
}

/** What spoke for the class beside what was looked at, if both are there; else the first two. */
function startOf({ maps }: PageData, { hasRollout }: Sources): readonly [Shown, Shown] {
  const usual = { fusion: 'mean', step: 0 } as const;
  const ofClass = maps.findIndex(({ heading }) => heading.includes(':'));
  const first: Shown = { ...usual, source: Math.max(0, ofClass) };
  if (hasRollout) return [first, { ...usual, source: 'rollout' }];
  const other = maps.findIndex((_, number) => number !== first.source);
  return [first, other < 0 ? first : { ...usual, source: other }];
}

function hottestOf(values: ArrayLike<number>): number {
  let hottest = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[hottest]) hottest = i;
  return hottest;
}

/** What all maps share. */
function makeControls(store: Store, maps: ColourMaps, sources: Sources): void {
  const names = [...maps.keys()].map((name) => ({ value: name, words: name }));
  const colours = choiceOf('Colours', [{ value: '', words: 'what suits each map' }, ...names], (value) => {
    store.set({ colormap: value });
  });
  const opacity = slider({
    label: 'Opacity',
    most: 100,
    words: (percent) => `${percent} %`,
    choose: (percent) => {
      store.set({ opacity: percent });
    },
  });
  const both = checkbox('Two maps side by side', (isBoth) => {
    store.set({ both: isBoth });
  });
  const controls = [both, colours, opacity].slice(sources.choices().length > 1 ? 0 : 1);
  find('controls').replaceChildren(...controls.map(({ element }) => element));
  store.onDraw((state) => {
    both.show(state.both);
    colours.show(state.colormap);
    opacity.show(state.opacity);
  });
}

/** What the maps were drawn from, as a file. */
function saving(): HTMLElement {
  const button = make('button', { type: 'button' }, ['Save the numbers as JSON']);
  button.addEventListener('click', () => {
    const text = find(elements.document).textContent;
    const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    const link = make('a', { href: address, download: `${document.title.split(' \u00b7 ')[0]}.json` });
    link.click();
    URL.revokeObjectURL(address);
  });
  return button;
}

void begin();
