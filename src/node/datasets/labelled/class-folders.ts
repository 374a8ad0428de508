import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chosen, split } from '../../../data/sets/index.js';
import { DataError } from '../../../errors.js';
import { failureInWords } from '../../files/failure-in-words.js';
import { byCode, picturesIn } from '../listing.js';
import { picturesInFiles, type LabelledFile } from './files.js';
import type { Division, OpenedSet } from './layout.js';

/** What the folders of the two parts are called; beside one that is called otherwise they are classes, which may be of trains. */
const partNames = { train: ['train', 'training'], test: ['val', 'valid', 'validation', 'test'] } as const;
const allPartNames: readonly string[] = Object.values(partNames).flat();

/**
 * Pictures in a folder for each class, which names it: `train/cat/1.jpg` and `val/cat/9.jpg`, or `cat/1.jpg` alone, of which a
 * share is then kept to be measured on.
 * @throws DataError if there are not two classes, or one of them has no picture
 */
export async function openClassFolders(folder: string, division: Division): Promise<OpenedSet> {
  const names = await foldersIn(folder);
  const areParts = names.every((name) => allPartNames.includes(name));
  const [train, test] = [partNames.train, partNames.test].map((known) =>
    known.find((name) => areParts && names.includes(name)),
  );
  if (train === undefined) return divided(folder, names, division);
  const classes = await foldersIn(join(folder, train));
  const part = (name: string) => filesOf(join(folder, name), classes);
  const learned = await part(train);
  if (test === undefined) {
    return { classes, ...dividedFiles(learned.files, division), notes: learned.notes };
  }
  const unknown = (await foldersIn(join(folder, test))).find((name) => !classes.includes(name));
  if (unknown !== undefined) {
    throw new DataError(
      `"${join(folder, test, unknown)}" is a class that is not in "${join(folder, train)}": nothing could be learned about it.`,
    );
  }
  const measured = await filesOf(join(folder, test), classes, false);
  return {
    classes,
    train: picturesInFiles(learned.files),
    test: picturesInFiles(measured.files),
    notes: [...learned.notes, ...measured.notes],
  };
}

async function divided(folder: string, classes: readonly string[], division: Division): Promise<OpenedSet> {
  const { files, notes } = await filesOf(folder, classes);
  return { classes, ...dividedFiles(files, division), notes };
}

function dividedFiles(files: readonly LabelledFile[], { testShare, seed }: Division) {
  const all = picturesInFiles(files);
  const { train, test } = split(all.labels, testShare, seed);
  return { train: chosen(all, train), test: chosen(all, test) };
}

/** @param complete whether every class must have a picture */
async function filesOf(
  folder: string,
  classes: readonly string[],
  complete = true,
): Promise<{ files: LabelledFile[]; notes: string[] }> {
  if (classes.length < 2) {
    throw new DataError(
      `"${folder}" holds ${classes.length === 0 ? 'no folder' : 'one folder alone'}; give each class a folder of its own, named ` +
        'after it, with its pictures in it.',
    );
  }
  const lists = await Promise.all(classes.map((name) => picturesIn(join(folder, name), true)));
  const empty = classes.filter((_, label) => lists[label].length === 0);
  if (complete && empty.length > 0) {
    throw new DataError(
      `"${join(folder, empty[0])}" holds no picture${empty.length > 1 ? `, as ${empty.length - 1} more` : ''}: every class ` +
        'needs some to learn from; remove the folder, or fill it.',
    );
  }
  const stray = await picturesIn(folder);
  const strays =
    stray.length === 1 ? 'is a picture in no class' : `and ${stray.length - 1} more are pictures in no class`;
  return {
    files: lists.flatMap((names, label) =>
      names.map((name) => ({ path: join(folder, classes[label], name), label })),
    ),
    notes: stray.length === 0 ? [] : [`"${join(folder, stray[0])}" ${strays}, and left out`],
  };
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new DataError(`Cannot look into "${folder}": ${failureInWords(error)}.`, { cause: error });
  });
  return entries
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort(byCode);
}
