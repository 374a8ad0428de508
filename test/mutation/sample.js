import { readFileSync, readdirSync } from 'node:fs';

/** Lines that are changed or left alone together: many changes take more than one. */
const linesAtOnce = 15;

const signs = { '**/': '(.*/)?', '*': '[^/]*', '.': '\\.' };

/** `**` stands for folders, `*` for a part of a name. */
const matches = (path, pattern) =>
  new RegExp(`^${pattern.replace(/\*\*\/|[*.]/g, (sign) => signs[sign])}$`).test(path);

/**
 * Every tenth piece of the files that the patterns name, those with `!` left out, one piece after the other through all
 * files.
 * @returns {string[]} as Stryker has parts of files: `path:first-last`
 */
export function everyTenth(patterns) {
  const [leftOut, taken] = [true, false].map((not) => patterns.filter((one) => one.startsWith('!') === not));
  const files = readdirSync('src', { recursive: true })
    .map((path) => `src/${path}`)
    .filter((path) => taken.some((one) => matches(path, one)))
    .filter((path) => !leftOut.some((one) => matches(path, one.slice(1))))
    .sort();
  const pieces = files.flatMap((path) => {
    const lines = readFileSync(path, 'utf8').split('\n').length;
    return Array.from({ length: Math.ceil(lines / linesAtOnce) }, (_, piece) => {
      const first = 1 + piece * linesAtOnce;
      return `${path}:${first}-${Math.min(lines, first + linesAtOnce - 1)}`;
    });
  });
  return pieces.filter((_, number) => number % 10 === 0);
}
