import { lstat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { UsageError } from '../../errors.js';
import { encodePng, writeFilesAtomically } from '../../node/index.js';
import { rasterise, svgOf } from '../../report/index.js';
import { toPerson } from '../paths.js';
import { chartOf } from './chart.js';
import { asCsv, asJson, asLines, asMarkdown, legendOf } from './formats.js';
import type { EvaluationTable } from './table.js';

/** What a table is written as, by the name of the file. */
const files: Readonly<Record<string, (table: EvaluationTable) => string | Uint8Array>> = {
  'table.csv': asCsv,
  'table.json': (table) => `${asJson(table)}\n`,
  'table.md': asMarkdown,
  // A chart holds no pictures, which would need addresses.
  'chart.svg': (table) => svgOf(chartOf(table), () => ''),
  'chart.png': (table) => encodePng(rasterise(chartOf(table))),
};

/**
 * What lies in the folder for results, if that is below the data, is none of it; where it is the data's own folder, or one above,
 * that is the chart alone.
 */
export function resultsIn(out: string, data: string): (path: string) => boolean {
  const isOwn = isBelow(out, data);
  return (path) => (isOwn ? isBelow(path, out) : path === join(out, 'chart.png'));
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !isAbsolute(way) && way.split(sep)[0] !== '..';
}

/**
 * For a folder without results of this command: what has the names of a table there is somebody's.
 * @throws UsageError that names one of them
 */
export async function refuseToReplaceTables(folder: string): Promise<void> {
  for (const path of Object.keys(files).map((name) => join(folder, name))) {
    const isThere = await lstat(path).then(
      () => true,
      () => false,
    );
    if (!isThere) continue;
    throw new UsageError(
      `The table would replace ${toPerson(path)}, beside which there are no results of this command; ` +
        'choose another folder with --out DIR, or allow it with --force.',
    );
  }
}

/** Writes them all, or none. */
export async function writeTables(folder: string, table: EvaluationTable): Promise<void> {
  await writeFilesAtomically(
    Object.entries(files).map(([name, write]) => ({ path: join(folder, name), data: write(table) })),
  );
}

/** What is printed. */
export const tellTable = {
  json: asJson,
  lines: (table: EvaluationTable, folder: string): readonly string[] => [
    '',
    ...asLines(table),
    '',
    ...legendOf(table),
    `written: ${Object.keys(files)
      .map((name) => toPerson(join(folder, name)))
      .join(', ')}`,
  ],
};
