import { composed, density, ofPictureLater, stacked, withMargin, type Drawing } from './drawing.js';
import type { MappedPicture } from './map-strip.js';
import { mapTile } from './map-tile.js';
import { seenPicture } from './seen.js';
import { paragraph } from './words.js';

/** Variations of a model, and what each is worth and looks at. */
export interface StudyContent {
  readonly title: string;
  readonly notes: readonly string[];
  /** What the figures of each row are. */
  readonly columns: readonly string[];
  /** What the maps of each picture are. */
  readonly maps: readonly string[];
  readonly rows: readonly {
    readonly name: string;
    readonly figures: readonly string[];
    /** The same of each row, with other maps. */
    readonly pictures: readonly MappedPicture[];
  }[];
}

/** Of names, of a figure, of a map, between these, between pictures, and around all. */
const [names, figure, side, gap, between, margin] = [130, 84, 60, 3, 12, 16];

/** A table of figures, and beside each row the maps of the same pictures, so that one sees what a variation changes. */
export function studyPanel({ title, notes, columns, maps, rows }: StudyContent): Drawing {
  const first = names + columns.length * figure;
  const perPicture = maps.length * (side + gap) - gap + between;
  const [{ pictures }] = rows;
  const width = first + pictures.length * perPicture;
  const place = (picture: number, map: number): number => first + picture * perPicture + map * (side + gap);
  const head = [
    ...columns.map((name, i) => ({
      drawing: paragraph(name, 'note', figure - 8),
      left: names + i * figure,
      top: side + 2,
    })),
    ...pictures.flatMap(({ picture, geometry, caption }, i) => {
      const seen = seenPicture(picture, geometry, side * density);
      return [
        { drawing: ofPictureLater(seen.size, seen.picture), left: place(i, 0), top: 0 },
        { drawing: paragraph(caption, 'small', side, 1), left: place(i, 1), top: side - 14 },
        ...maps.map((name, map) => ({
          drawing: paragraph(name, 'small', side, 1),
          left: place(i, map),
          top: side + 3,
        })),
      ];
    }),
  ];
  const lines = rows.map(({ name, figures, pictures: mapped }) =>
    composed({ width, height: side }, [
      { drawing: paragraph(name, 'body', names - 8), left: 0, top: side / 2 - 8 },
      ...figures.map((text, i) => ({
        drawing: paragraph(text, 'body', figure - 4),
        left: names + i * figure,
        top: side / 2 - 8,
      })),
      ...mapped.flatMap(({ picture, geometry, maps: values }, i) => {
        const seen = seenPicture(picture, geometry, side * density);
        return values.map((map, m) => ({
          drawing: mapTile(seen, map, 'turbo').drawing,
          left: place(i, m),
          top: 0,
        }));
      }),
    ]),
  );
  return withMargin(
    stacked(
      [
        paragraph(title, 'title', width),
        composed({ width, height: side + 20 }, head),
        ...lines,
        ...notes.map((note) => paragraph(note, 'note', width)),
      ],
      gap,
    ),
    margin,
  );
}
