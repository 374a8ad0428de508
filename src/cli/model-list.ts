import type { ModelEntry } from '../models/index.js';
import { inPixels, licenceInWords, millions, outputInWords } from './model-in-words.js';
import type { KnownModel } from './models.js';

/**
 * A table of models, those of a family together, and a word about how to see more.
 * @param all the models there are
 */
export function modelList(models: readonly KnownModel[], all: readonly ModelEntry[]): string {
  const rows = models.map((model) => rowOf(model, models, all));
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row, at) => {
    const cells = row.map((cell, column) =>
      numeric.has(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
    );
    const starts = at > 0 && familyOf(models[at]) !== familyOf(models[at - 1]);
    return `${starts ? '\n' : ''}${cells.join('  ').trimEnd()}`;
  });
  return `${lines.join('\n')}\n\n${foot(models, all)}`;
}

/** Columns that are aligned at the right. */
const numeric = new Set([1, 2]);

function rowOf(
  { entry, parameters, path }: KnownModel,
  shown: readonly KnownModel[],
  all: readonly ModelEntry[],
): string[] {
  const others = all.filter(({ name }) => name.startsWith(`${entry.name}.`)).length;
  const isAlone = !shown.some(({ entry: { name } }) => name.startsWith(`${entry.name}.`));
  return [
    entry.name,
    millions(parameters),
    inPixels(entry.config.imageSize),
    outputInWords(entry),
    licenceInWords(entry.licence),
    path === undefined ? '' : 'here',
    isAlone && others > 0 ? `and ${others} more` : '',
  ];
}

/** `vit_base` of vit_base_patch16_224, `deit3` of deit3_base_patch16_224. */
function familyOf({ entry: { name } }: KnownModel): string {
  const [first, second] = name.split('_');
  return first === 'vit' ? `${first}_${second}` : first;
}

function foot(models: readonly KnownModel[], all: readonly ModelEntry[]): string {
  const here = models.filter(({ path }) => path !== undefined).length;
  return (
    `${models.length} of ${all.length} models, the weights of ${here} are here. "vitrine models TEXT" lists all checkpoints with ` +
    'TEXT in their names, "vitrine models NAME" tells all about one.'
  );
}
