import { readFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { UsageError } from '../errors.js';
import { originalSize, type Picture } from '../image/index.js';
import { encodePng, failureInWords, readPicture, writeFilesAtomically } from '../node/index.js';
import {
  compareDocuments,
  parseDocument,
  type Explanation,
  type ExplanationDocument,
  type MapComparison,
} from '../pipeline/index.js';
import { rasterise } from '../report/index.js';
import { drawComparison } from './compare-drawing.js';
import { legible, legibleJson, tell } from './legible.js';
import { marked, markOf } from './marks.js';
import { placesOf, refuseToReplace } from './obstacles.js';
import { fromPerson, refuseUnfaithful, toPerson } from './paths.js';
import { makeFolder, removeIfEmpty } from './results-folder.js';
import { shortened } from './short-names.js';

export interface CompareOptions {
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** @throws UsageError for what is no document, has nothing in common with the other, or cannot be written */
export async function compareFiles(a: string, b: string, options: CompareOptions): Promise<void> {
  const paths = [a, b].map(fromPerson);
  const [first, second] = [await documentIn(paths[0]), await documentIn(paths[1])];
  const comparisons = compareDocuments(first, second);
  const out = fromPerson(options.out);
  await refuseUnfaithful('--out', out);
  const made = await makeFolder(out);
  try {
    const picture = await pictureOf(first, second);
    const mark = markOf(paths[0], paths[1]);
    const stem = paths.map((path) => shortened(legible(parse(path).name), LONGEST)).join('.vs.');
    const files = comparisons.map((_, i) =>
      join(out, `${stem}.${comparisons.length === 1 ? '' : `${i}.`}png`),
    );
    await refuseToReplace(
      files.map((path) => ({ path, mark })),
      await placesOf(paths),
      options.force ?? false,
    );
    await writeFilesAtomically(
      comparisons.map((comparison, i) => ({
        path: files[i],
        data: marked(encodePng(rasterise(drawComparison(comparison, picture))), mark),
      })),
    );
    if (options.json) console.log(legibleJson(documentOfComparison(first, second, comparisons, files)));
    else print(first, second, comparisons, files);
  } catch (error) {
    await removeIfEmpty(made);
    throw error;
  }
}

/** Bytes of each name in the name of the result, which is made of two. */
const LONGEST = 110;

async function documentIn(path: string): Promise<ExplanationDocument> {
  const name = toPerson(path);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${name} cannot be read: ${failureInWords(error)}.`, { cause: error });
  });
  return parseDocument(text, name);
}

/** The picture that both are of, if it is there as it was. */
async function pictureOf(a: ExplanationDocument, b: ExplanationDocument): Promise<Picture | undefined> {
  const { path, width, height } = a.image;
  if (path === undefined || path !== b.image.path) return undefined;
  const picture = await readPicture(path).catch(() => undefined);
  const size = picture && originalSize(picture);
  return size?.width === width && size.height === height ? picture : undefined;
}

/** What is told of one of the documents. */
function aboutOf({ image, model, device }: ExplanationDocument, map: Explanation) {
  return {
    picture: image.path ?? 'the standard input',
    model: model.name,
    weights: model.sha256.slice(0, 12),
    device: `${device.backend}: ${device.adapter}`,
    method: map.method,
    of: map.class === null ? (map.target ?? '') : `${map.label ?? 'class'} (${map.class})`,
    options: JSON.stringify(map.options),
  };
}

function documentOfComparison(
  a: ExplanationDocument,
  b: ExplanationDocument,
  comparisons: readonly MapComparison[],
  files: readonly string[],
) {
  return {
    schema: 'vitrine-comparison-1',
    comparisons: comparisons.map(({ a: ofA, b: ofB, ...found }, i) => ({
      a: aboutOf(a, ofA),
      b: aboutOf(b, ofB),
      ...found,
      file: files[i],
    })),
  };
}

function print(
  a: ExplanationDocument,
  b: ExplanationDocument,
  comparisons: readonly MapComparison[],
  files: readonly string[],
): void {
  for (const [i, comparison] of comparisons.entries()) {
    const [ofA, ofB] = [aboutOf(a, comparison.a), aboutOf(b, comparison.b)];
    for (const key of Object.keys(ofA) as (keyof typeof ofA)[]) {
      const [left, right] = [ofA[key], ofB[key]];
      tell(`${key.padEnd(8)} ${left === right ? left : `A ${left}  B ${right}`}`);
    }
    const { correlation, rankCorrelation, largestDifference, difference, at } = comparison;
    const digits = (value: number | null): string => (value === null ? 'none: flat' : value.toFixed(4));
    tell(`correlation ${digits(correlation)}, of ranks ${digits(rankCorrelation)}`);
    const largest = Math.max(...difference.map(Math.abs));
    tell(
      `largest difference ${largestDifference.toPrecision(3)}; ` +
        `of maps divided by their largest ${largest.toPrecision(3)}, at ${at.join(',')}`,
    );
    tell(`drawn: ${toPerson(files[i])}`);
  }
}
