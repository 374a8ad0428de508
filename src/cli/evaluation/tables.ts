import { join } from 'node:path';
import { writeFilesAtomically } from '../../node/index.js';
import { toPerson } from '../paths.js';
import { chartOf } from './chart.js';
import { asCsv, asJson, asLines, asMarkdown, legendOf } from './formats.js';
import type { EvaluationTable } from './table.js';

/** What a table is written as, by the name of the file. */
const files: Readonly<Record<string, (table: EvaluationTable) => string | Promise<Uint8Array>>> = {
  'table.csv': asCsv,
  'table.json': (table) => `${asJson(table)}\n`,
  'table.md': asMarkdown,
  'chart.svg': chartOf,
  'chart.png': (table) => drawn(chartOf(table)),
};

/** Dots an inch: twice what a screen has, enough for print at the width of a page. */
const DENSITY = 192;

async function drawn(svg: string): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  return sharp(Buffer.from(svg), { density: DENSITY }).png().toBuffer();
}

/** Writes them all, or none. */
export async function writeTables(folder: string, table: EvaluationTable): Promise<void> {
  await writeFilesAtomically(
    await Promise.all(
      Object.entries(files).map(async ([name, write]) => ({
        path: join(folder, name),
        data: await write(table),
      })),
    ),
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
