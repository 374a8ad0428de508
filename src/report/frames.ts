import { density, stacked, withMargin, type Drawing } from './drawing.js';
import { colourBar } from './colour-bar.js';
import { mapTile } from './map-tile.js';
import { seenPicture } from './seen.js';
import { rangesOf, type Sheet } from './sheet.js';
import { paragraph } from './words.js';

const [side, lines] = [224, 2];

/** The maps of a sheet one after the other, each as large as the others, to be shown as a moving picture. */
export function drawFrames(sheet: Sheet): readonly Drawing[] {
  const { rows, colormap, scale, title } = sheet;
  const seen = seenPicture(sheet.picture, sheet.geometry, side * density);
  const width = Math.max(seen.size.width / density, side / 2);
  const ranges = rangesOf(sheet);
  // Every frame has room for the longest caption.
  const captions = rows.flat().map(({ caption }) => paragraph(caption, 'body', width, lines));
  const height = Math.max(...captions.map((each) => each.height));
  let next = 0;
  return rows.flatMap((row, r) =>
    row.map(({ map }, c) => {
      const { drawing, range } = mapTile(seen, map, colormap, scale === 'map' ? undefined : ranges(r, c));
      const caption = { ...captions[next++], height };
      const parts = [
        paragraph(title, 'body', width, lines),
        drawing,
        colourBar(colormap, range, width),
        caption,
      ];
      return withMargin(stacked(parts, 5), 10);
    }),
  );
}
