import { anObject, aText, expectParts, listOf, optional } from '../../given.js';
import type { ColormapName, Picture } from '../../image/index.js';
import type { ComputedMap, ExplanationDocument } from '../../pipeline/index.js';
import type { AddressOf } from '../drawing.js';
import { fittingColormap } from '../fitting-colormap.js';
import { mapTile } from '../map-tile.js';
import { headingOf } from '../panel.js';
import { seenPicture } from '../seen.js';
import { cellsOf } from '../sheet.js';
import { framed } from './frame.js';
import { markup, type Markup } from './markup.js';

/** One picture of an index. */
export interface IndexEntry {
  readonly title: string;
  /** The address of its page, from that of the index. */
  readonly address: string;
  /** As addresses of their own: the picture, and its first map over it. */
  readonly thumbnails: Thumbnails;
  readonly document: ExplanationDocument;
}

export interface Thumbnails {
  readonly seen: string;
  readonly map: string;
}

/** How long the longer side of a thumbnail is, in pixels. */
const side = 192;

/** The picture as the model saw it, and a map over it, both small. */
export function thumbnailsOf(
  picture: Picture,
  map: ComputedMap,
  addressOf: AddressOf,
  name?: ColormapName,
): Thumbnails {
  const seen = seenPicture(picture, map.geometry, side);
  const tile = mapTile(seen, cellsOf(map)[0].map, name ?? fittingColormap(map));
  return { seen: addressOf(seen.picture()), map: addressOf(tile.drawing.pictures[0].picture()) };
}

export interface IndexContent {
  readonly title: string;
  readonly entries: readonly IndexEntry[];
  /** By what the file is known again; the name of this package if left out. */
  readonly generator?: string;
}

/** A page that leads to the pages of several pictures. */
export function htmlIndex(content: IndexContent): string {
  expectParts('htmlIndex: the content', content, {
    title: aText,
    entries: listOf('entries', anObject),
    generator: optional(aText),
  });
  const { title, entries, generator = 'vitrine' } = content;
  const count = entries.length === 1 ? 'One picture' : `${entries.length} pictures`;
  const models = [...new Set(entries.map(({ document }) => document.model.name))].join(', ');
  const body = markup`<header>
<h1>${title}</h1>
<p>${count}, and what ${models} looked at.</p>
</header>
<main>
<ul class="cards">${entries.map(card)}</ul>
</main>
<footer><p>Made by vitrine. The pages that it leads to lie beside it; pass them on together.</p></footer>`;
  return framed({ title: `${title} \u00b7 vitrine`, generator, body, isAlive: false });
}

function card({ title, address, thumbnails, document: { predictions, explanations } }: IndexEntry): Markup {
  const said = predictions
    .slice(0, 2)
    .map(({ label, probability }) => `${label} ${(100 * probability).toFixed(1)} %`)
    .join(', ');
  return markup`<li><a href="${address}" aria-hidden="true" tabindex="-1" class="pair"><img src="${thumbnails.seen}" alt=""><img src="${thumbnails.map}" alt=""></a>
<h2><a href="${address}">${title}</a></h2>
${said === '' ? '' : markup`<p>${said}</p>`}
<p>on the right: ${headingOf(explanations[0])}</p></li>`;
}
