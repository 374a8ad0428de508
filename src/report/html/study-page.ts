import { density, type AddressOf } from '../drawing.js';
import type { MappedPicture } from '../map-strip.js';
import { mapTile } from '../map-tile.js';
import { seenPicture } from '../seen.js';
import type { StudyContent } from '../study-panel.js';
import { framed } from './frame.js';
import { markup, type Markup } from './markup.js';

/** Of a map on the page, in its pixels. */
const side = 64;

/** The same as `studyPanel`, as a page that needs nothing beside it. */
export function studyPage(
  { title, notes, columns, maps, rows }: StudyContent,
  addressOf: AddressOf,
  generator = 'vitrine',
): string {
  const [{ pictures }] = rows;
  const shown = ({ picture, geometry }: MappedPicture) => seenPicture(picture, geometry, side * density);
  const image = (address: string, alt: string): Markup =>
    markup`<img src="${address}" alt="${alt}" width="${side}" height="${side}">`;
  const head = pictures.map(
    (one) =>
      markup`<th scope="col" colspan="${maps.length}">${image(addressOf(shown(one).picture()), '')} ${one.caption}</th>`,
  );
  const kinds = pictures.map(() => maps.map((name) => markup`<th scope="col">${name}</th>`)).flat();
  const lines = rows.map(({ name, figures, pictures: mapped }) => {
    const tiles = mapped.flatMap((one) =>
      one.maps.map((map, m) => {
        const { drawing } = mapTile(shown(one), map, 'turbo');
        return markup`<td>${image(addressOf(drawing.pictures[0].picture()), `${maps[m]} of ${one.caption}, ${name}`)}</td>`;
      }),
    );
    const cells = figures.map((figure) => markup`<td>${figure}</td>`);
    return markup`<tr><th scope="row">${name}</th>${cells}${tiles}</tr>\n`;
  });
  const body = markup`<header><h1>${title}</h1></header>
<main>
<table>
<thead>
<tr><th scope="col" rowspan="2">variation</th>${columns.map((name) => markup`<th scope="col" rowspan="2">${name}</th>`)}${head}</tr>
<tr>${kinds}</tr>
</thead>
<tbody>
${lines}</tbody>
</table>
${notes.map((note) => markup`<p>${note}</p>\n`)}</main>
<footer><p>Made by vitrine.</p></footer>`;
  return framed({ title: `${title} \u00b7 vitrine`, generator, body, isAlive: false });
}
