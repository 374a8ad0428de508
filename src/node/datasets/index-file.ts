import { join, normalize } from 'node:path';
import * as v from 'valibot';
import { UsageError } from '../../errors.js';
import { parseJson } from '../../json.js';
import { readText } from '../files/text.js';
import type { DataPicture } from './data-set.js';
import { exists } from './listing.js';
import { grey } from './readings.js';

const anIndex = v.object({
  items: v.array(
    v.object({
      image: v.string(),
      objects: v.optional(
        v.array(
          v.object({
            class: v.optional(v.union([v.string(), v.number()])),
            mask: v.optional(v.string()),
          }),
        ),
        [],
      ),
    }),
  ),
});

/** The name of the file. */
export const indexName = 'index.json';

/**
 * A file that lists pictures, `{ items: [{ image, objects: [{ class, mask }] }] }`, with paths below the folder, masks being one
 * file an object. Entries of one picture are one: it has the objects of all.
 * @throws UsageError if it is no such list, or cannot be read
 */
export async function readIndexFile(folder: string): Promise<readonly DataPicture[]> {
  const path = join(folder, indexName);
  const parsed = parseJson(await readText(path));
  if ('complaint' in parsed) throw new UsageError(`${path} is no JSON: ${parsed.complaint}.`);
  const { output, issues } = v.safeParse(anIndex, parsed.value);
  if (issues) {
    const [{ path: place }] = issues;
    const where = place?.map(({ key }) => String(key)).join('.') ?? 'the whole';
    throw new UsageError(
      `${path} is no list of pictures: ${where} is not as in { "items": [{ "image": "a.png", "objects": [{ "class": 281, "mask": "a.mask.png" }] }] }.`,
    );
  }
  return Promise.all(
    mergedByImage(output.items).map(async ({ image, objects }) => {
      const files = [image, ...objects.flatMap(({ mask }) => mask ?? [])];
      const there = await Promise.all(files.map((file) => exists(join(folder, file))));
      const missing = files.find((_, i) => !there[i]);
      return {
        name: image,
        path: join(folder, image),
        objects: objects.map(({ class: name, mask }) => ({
          class: name,
          mask: mask === undefined ? undefined : { path: join(folder, mask), reading: grey },
        })),
        trouble: missing === undefined ? undefined : `${indexName} names ${missing}, which is not there`,
      };
    }),
  );
}

type Item = v.InferOutput<typeof anIndex>['items'][number];

function mergedByImage(items: readonly Item[]): readonly Item[] {
  const found = new Map<string, Item>();
  for (const { image, objects } of items) {
    const place = normalize(image);
    const known = found.get(place) ?? { image, objects: [] };
    found.set(place, { ...known, objects: [...known.objects, ...objects] });
  }
  return [...found.values()];
}
