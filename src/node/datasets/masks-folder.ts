import { join } from 'node:path';
import { UsageError } from '../../errors.js';
import { parseJson } from '../../json.js';
import { readTextIfThere } from '../files/text.js';
import { colouredObjects } from './colours.js';
import type { DataObject, DataPicture } from './data-set.js';
import { byCode, entriesOf, picturesIn, stemOf } from './listing.js';
import { grey } from './readings.js';

/** What says which colours are which classes. */
const classesName = 'classes.json';

/**
 * `images` and `masks`. Masks are one file an object, `masks/a.281.png`, `masks/a.tabby.png` or `masks/a/tabby.png` for
 * `images/a.jpg`, the class between its name and the ending; `masks/a.png` alone is one object, whose class is not said; or, where
 * `classes.json` gives classes to colours, `{ "#ff0000": "tabby" }`, `masks/a.png` has a colour for each class.
 * @throws UsageError if `classes.json` is not like that, or something cannot be read
 */
export async function readMasksFolder(folder: string): Promise<readonly DataPicture[]> {
  const [images, masks] = [join(folder, 'images'), join(folder, 'masks')];
  const colours = await coloursOf(join(folder, classesName));
  const files = await picturesIn(masks);
  const folders = new Set(
    (await entriesOf(masks)).filter((entry) => entry.isDirectory()).map(({ name }) => name),
  );
  const pictures = await picturesIn(images);
  const stems = new Set(pictures.map(stemOf));
  return Promise.all(
    pictures.map(async (image): Promise<DataPicture> => {
      const stem = stemOf(image);
      const about = { name: `images/${image}`, path: join(images, image) };
      const whole = files.find((name) => stemOf(name) === stem);
      if (whole !== undefined && colours) {
        return { ...about, ...(await colouredObjects(join(masks, whole), colours)) };
      }
      const own = files.filter((name) => name !== whole && ownerOf(stemOf(name), stems) === stem);
      const inside = folders.has(stem) ? await picturesIn(join(masks, stem)) : [];
      const objects: DataObject[] = [
        ...own.map((name) => ofFile(join(masks, name), stemOf(name).slice(stem.length + 1))),
        ...inside.map((name) => ofFile(join(masks, stem, name), stemOf(name))),
        ...(whole === undefined ? [] : [ofFile(join(masks, whole), undefined)]),
      ];
      return objects.length === 0
        ? { ...about, objects, trouble: 'there is no mask for it' }
        : { ...about, objects };
    }),
  );
}

/** Whose mask it is: of `a` and `a.b`, between which `a.b.tabby` could choose, the longer one's. */
function ownerOf(mask: string, stems: ReadonlySet<string>): string | undefined {
  for (let end = mask.length; end > 0; end = mask.lastIndexOf('.', end - 1)) {
    const stem = mask.slice(0, end);
    if (stems.has(stem)) return stem;
  }
  return undefined;
}

function ofFile(path: string, name: string | undefined): DataObject {
  return { class: name, mask: { path, reading: grey } };
}

async function coloursOf(path: string): Promise<ReadonlyMap<number, string | number> | undefined> {
  const text = await readTextIfThere(path);
  if (text === undefined) return undefined;
  const parsed = parseJson(text);
  if ('complaint' in parsed) throw new UsageError(`${path} is no JSON: ${parsed.complaint}.`);
  const entries = Object.entries(Object(parsed.value) as Readonly<Record<string, unknown>>).sort(([a], [b]) =>
    byCode(a, b),
  );
  return new Map(
    entries.map(([colour, name]) => {
      if (!/^#[\da-f]{6}$/i.test(colour) || !(typeof name === 'string' || typeof name === 'number')) {
        throw new UsageError(`${path}: "${colour}" is not as in { "#ff0000": "tabby", "#0000ff": 207 }.`);
      }
      return [parseInt(colour.slice(1), 16), name] as const;
    }),
  );
}
