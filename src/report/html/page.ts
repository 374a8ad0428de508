import { UsageError } from '../../errors.js';
import { aFunction, anObject, aText, expectParts, listOf, optional } from '../../given.js';
import { checkPicture } from '../../image/given.js';
import { colormap, colormapNames, type Geometry } from '../../image/index.js';
import type { ExplanationDocument, ReadAttention } from '../../pipeline/index.js';
import { toBase64 } from './base64.js';
import type { AddressOf } from '../drawing.js';
import { factsOf } from '../facts.js';
import { headingOf, type PanelContent } from '../panel.js';
import { fittingColormap } from '../fitting-colormap.js';
import { seenPicture, type SeenPicture } from '../seen.js';
import { classList } from './class-list.js';
import { framed } from './frame.js';
import { dataElement, markup, textElement, type Markup } from './markup.js';
import { elements, pictureId, type PageData, type PageMap } from './page-data.js';
import { storedAttention } from './stored-attention.js';
import { withoutFolders } from './told-names.js';

/** All that is known of one picture, and what its page is written with. */
export interface PageContent extends PanelContent {
  /** Of all layers; without it, nothing can be computed in the page. */
  readonly attention?: ReadAttention | undefined;
  readonly addressOf: AddressOf;
  /** By what the file is known again; the name of this package if left out. */
  readonly generator?: string;
}

/** How long the longer side of a picture is, in pixels, if there is one picture; of several, as long as takes no more room. */
const side = 448;

/**
 * One page of a picture that needs nothing beside it: what the model saw, its classes, every map, and what a person looks at next.
 * Values are those of the document, which is in the page, but for the folders that its files are in.
 */
export function htmlPage(content: PageContent): string {
  expectParts('htmlPage: the content', content, {
    title: aText,
    document: anObject,
    maps: listOf('maps', anObject),
    addressOf: aFunction,
    attention: optional(anObject),
    generator: optional(aText),
  });
  checkPicture('htmlPage', content.picture);
  const { title, maps, attention, addressOf, generator = 'vitrine' } = content;
  const document = withoutFolders(content.document);
  if (document.explanations.length !== maps.length || maps.length === 0) {
    throw new UsageError(
      `htmlPage: the document tells of ${document.explanations.length} maps, and there are ${maps.length}; give at least one, and those that it tells of.`,
    );
  }
  const seen = picturesOf(content);
  const stored = attention && storedAttention(attention);
  const data: PageData = {
    colours: colormapNames.map((name) => {
      const { table, ...about } = colormap(name);
      return { ...about, table: toBase64(table) };
    }),
    maps: maps.flatMap((map, number) => pageMaps(content, number, seen.numberOf(map.geometry))),
    pictures: seen.pictures.map(({ size }) => size),
    ...(content.colormap === undefined ? {} : { colormap: content.colormap }),
    ...(stored ? { attention: { ...stored, codes: '' } } : {}),
  };
  const body = markup`<header>
<h1>${title}</h1>
<p>What ${document.model.name} looked at, and why.</p>
</header>
<main>
${about(document, seen.pictures, addressOf)}
<section aria-labelledby="maps-title">
<h2 id="maps-title">Maps</h2>
<div class="controls" id="controls"></div>
<div class="maps" id="places"><noscript>The maps are drawn by this page's own script, which is turned off here.</noscript></div>
<p class="note screen" id="keys">Point at a patch to read its value; click keeps it. With the keyboard: arrow keys move, Escape goes back to the hottest patch of the first map. Patches are counted from 0, row and column.</p>
<p class="unseen" id="said" role="status"></p>
</section>
${attention ? attentionPart(attention) : ''}
</main>
<footer>
<p>Made by vitrine. This page holds all that it shows; it loads nothing and sends nothing.</p>
</footer>
${dataElement(elements.document, document)}
${dataElement(elements.data, data)}
${stored ? textElement(elements.codes, stored.codes) : ''}`;
  return framed({ title: `${title} \u00b7 vitrine`, generator, body, isAlive: true });
}

/** The part on the left: the picture, its classes, and by what all this was made. */
function about(
  document: ExplanationDocument,
  [first, ...others]: readonly SeenPicture[],
  addressOf: AddressOf,
): Markup {
  const image = ({ size, picture }: SeenPicture, number: number, alt: string, isHidden: boolean): Markup =>
    markup`<img id="${pictureId(number)}" alt="${alt}" width="${size.width}" height="${size.height}"${
      isHidden ? markup` hidden` : ''
    } src="${addressOf(picture())}">`;
  const { predictions, ablation, explanations } = document;
  const explained = explanations.flatMap(({ class: index }) => (index === null ? [] : [index]));
  return markup`<aside aria-label="The picture and its classes">
<figure>${image(first, 0, 'the picture as the model saw it', false)}
<figcaption>as the model saw it</figcaption></figure>
${others.map((one, i) => image(one, i + 1, '', true))}
<div class="classes-part">${classList('Top classes', predictions, explained)}
${ablation ? classList(`Without ${ablation.parts.join(', ')}`, ablation.predictions, explained) : ''}</div>
<div class="facts-part"><h2>How it was made</h2>
<dl class="facts">${factsOf(document).map(([term, fact]) => markup`<dt>${term}</dt><dd>${fact}</dd>`)}</dl>
<div id="saving" class="screen"></div></div>
</aside>`;
}

const saidOfForm: Readonly<Record<ReadAttention['form'], string>> = {
  heads: 'It is stored here in 8 bits, head by head.',
  fusions: 'It is stored here in 8 bits, the heads of each layer fused, because the model is large.',
  mean: 'It is stored here in 8 bits, as the mean of the heads of each layer, because the model is large.',
  query:
    'Of this model, which is large, only that is stored here, in 8 bits: neither what patches attend to, nor what a rollout ' +
    'takes that is computed here.',
};

function attentionPart({ form }: ReadAttention): Markup {
  const exactness =
    form === 'query'
      ? ''
      : ' What is computed from it here, the rollout of any ratio, is within 1 % of the largest value of the exact map; the other ' +
        'maps are stored exactly.';
  return markup`<section id="attention" aria-labelledby="attention-title" hidden>
<h2 id="attention-title">Attention, layer by layer</h2>
<div id="attention-maps"></div>
<p class="note">Each map has its own scale. ${saidOfForm[form]} Values are within 1 % of the exact ones, give or take a ten-thousandth of the largest in their row.${exactness}</p>
</section>`;
}

/** A map as often as it is shown: each that a view has, and without what was taken out. */
function pageMaps({ document, maps, ablated }: PageContent, number: number, picture: number): PageMap[] {
  const [map, explanation] = [maps[number], document.explanations[number]];
  const name = fittingColormap(map);
  const explains = map.method.explains.replace(/^a class[:,] /, '');
  const cells = map.captions ?? [explains];
  return cells.flatMap((words, cell) => {
    const own = { heading: headingOf(explanation), explanation: number, cell, picture };
    const ends = map.method.shows(map.options) === 'signed' ? { ends: ['against', 'for'] as const } : {};
    const before: PageMap = { ...own, ...ends, words, part: 'values', colormap: name };
    if (explanation.ablated === undefined) return [before];
    const told = ablated?.words ?? 'without what was taken out';
    return [
      before,
      { ...before, words: `${words}, ${told}`, part: 'ablated' },
      {
        ...own,
        ends: ['less', 'more'],
        words: `${words}: the difference, ${told}`,
        part: 'difference',
        colormap: 'rdbu_r',
      },
    ];
  });
}

/** The picture in each way in which it was made ready: first that of the attention, else that of the first map. */
function picturesOf({ picture, maps, attention }: PageContent) {
  const geometries = [...(attention ? [attention.geometry] : []), ...maps.map(({ geometry }) => geometry)];
  const distinct = new Map(geometries.map((geometry) => [JSON.stringify(geometry), geometry]));
  const keys = [...distinct.keys()];
  const longest = Math.floor(side / Math.sqrt(keys.length));
  return {
    pictures: [...distinct.values()].map((geometry) => seenPicture(picture, geometry, longest)),
    numberOf: (geometry: Geometry): number => keys.indexOf(JSON.stringify(geometry)),
  };
}
