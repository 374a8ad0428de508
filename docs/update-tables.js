// Writes the rows of the README's tables of methods and their options anew, from the built package: `npm run build` first.
// With --check it only says whether they are what they should be.
import { readFileSync, writeFileSync } from 'node:fs';
import { flagOf, optionRows } from '../dist/cli/method-options.js';
import { methods, unknownSizes } from '../dist/index.js';

const path = new URL('../README.md', import.meta.url);

const ofMethods = methods.map(({ name, explains, options, source }) => {
  const flags = Object.keys(options(unknownSizes)).map((option) => `\`${flagOf(option)}\``);
  return [`\`${name}\``, explains, flags.join(', '), `[${source.cited}](${source.url})`];
});
const ofOptions = optionRows().map(({ usage, help, fallback }) => {
  return [`\`${usage.replaceAll('|', '\\|')}\``, help, fallback];
});

const before = readFileSync(path, 'utf8');
const tables = [
  [['method', 'explains', 'options', 'source'], ofMethods],
  [['option of methods', 'meaning', 'default'], ofOptions],
];
const after = tables.reduce((text, [titles, rows]) => withRows(text, titles, rows), before);
if (!process.argv.includes('--check')) {
  writeFileSync(path, after);
} else if (withoutPadding(after) !== withoutPadding(before)) {
  console.error('The tables of the README are not those of the methods: run "npm run format".');
  process.exitCode = 1;
}

/** The text with the rows of the table below these titles replaced. */
function withRows(markdown, titles, rows) {
  const head = new RegExp(`^\\| *${titles.join(' *\\| *')} *\\|\\n\\|[-| ]+\\|\\n(?:\\|.*\\n)*`, 'm');
  if (!head.test(markdown)) throw new Error(`The README has no table of ${titles[0]}.`);
  const lines = [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`);
  return markdown.replace(head, () => lines.join(''));
}

/** Tables as they are before prettier aligns their columns. */
function withoutPadding(markdown) {
  return markdown.replace(/^\|.*$/gm, (row) => row.replace(/ +/g, ' ').replace(/-+/g, '-'));
}
