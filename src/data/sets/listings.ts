import { DataError } from '../../errors.js';

/** A file of pictures, and the class that it shows. */
export interface Listed {
  /** Without folder, and perhaps without extension. */
  readonly file: string;
  readonly label: number;
}

/**
 * Oxford-IIIT Pets' `annotations/trainval.txt` and `test.txt`: the picture's name, its class from 1, and two numbers that the
 * breed does not need.
 * @throws DataError that names the first line which says something else
 * Source: Parkhi et al., "Cats and Dogs", 2012, the set's README.
 */
export function petsList(text: string, source: string): Listed[] {
  return linesOf(text, '#').map(([number, line]) => {
    const [file, label, ...others] = line.split(/\s+/);
    // Breeds are counted, and there are not thousands.
    if (others.length !== 2 || !/^[1-9]\d{0,3}$/.test(label))
      throw unreadable(source, number, 'a name and three numbers', line);
    return { file, label: Number(label) - 1 };
  });
}

/** The breed that the name of a picture of Pets begins with, before its number. */
export function breedOf(name: string): string {
  return name.replace(/_\d+$/, '').replaceAll('_', ' ');
}

/** Pets' class names. */
export function petsClasses(list: readonly Listed[]): string[] {
  const names: string[] = [];
  for (const { file, label } of list) names[label] = breedOf(file);
  return Array.from(names, (name, label) => (name as string | undefined) ?? `class ${label + 1}`);
}

/**
 * Tiny-ImageNet's `val/val_annotations.txt`: file, class, and a box that the class does not need, with tabs between.
 * @param ids of the classes in the order of their numbers
 * @throws DataError that names the first line which says something else
 * Source: the set of Stanford's course CS231n.
 */
export function tinyImagenetList(text: string, source: string, ids: readonly string[]): Listed[] {
  const labels = new Map(ids.map((id, label) => [id, label]));
  return linesOf(text).map(([number, line]) => {
    const [file, id] = line.split('\t');
    const label = labels.get(id);
    if (label === undefined) throw unreadable(source, number, "a file and one of the set's classes", line);
    return { file, label };
  });
}

/** Tiny-ImageNet's `words.txt`: an id and its words, of more classes than the set has. The first word names the class. */
export function tinyImagenetNames(text: string, ids: readonly string[]): string[] {
  const words = new Map(
    linesOf(text).map(([, line]) => {
      const [id, names = id] = line.split('\t');
      return [id, names.split(',')[0].trim()] as const;
    }),
  );
  return ids.map((id) => words.get(id) ?? id);
}

/** With their numbers, from 1; without those that are empty or begin with `comment`. */
export function linesOf(text: string, comment?: string): (readonly [number: number, line: string])[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => [index + 1, line.trim()] as const)
    .filter(([, line]) => line !== '' && !(comment !== undefined && line.startsWith(comment)));
}

function unreadable(source: string, number: number, expected: string, line: string): DataError {
  const shown = line.length > 60 ? `${line.slice(0, 59)}…` : line;
  return new DataError(`Line ${number} of "${source}" is ${JSON.stringify(shown)}; expected ${expected}.`);
}
