import { readFile } from 'node:fs/promises';
import { findMethod, methods, underLibra, type AnyMethod } from '../explain/index.js';
import { packageFile } from '../node/package-files.js';
import { wrappedWords } from './help-text.js';
import { tell } from './legible.js';
import { optionRows } from './method-options.js';

/** Lists the methods, or tells what the page of methods tells of one. */
export async function tellMethods(name: string | undefined): Promise<void> {
  if (name === undefined) {
    tellAll();
    return;
  }
  const method = findMethod(name.trim());
  tell(`${method.name}: ${method.explains}`);
  for (const part of sectionOf(await readFile(packageFile('docs/methods.md'), 'utf8'), onPage(method).name)) {
    tell('');
    for (const line of part) tell(line);
  }
  tell('');
  tellOptions(method);
  const { cited, title, url } = method.source;
  for (const line of wrappedWords(`Source: ${cited}, “${title}”${url === undefined ? '' : `, ${url}`}.`))
    tell(line);
  if (underLibra(method)) tell(`Under rules that keep sums: --method libra-${method.name}`);
}

/** The method that the page tells of: the same under plain rules, of one picture, with none of its options settled. */
function onPage(method: AnyMethod): AnyMethod {
  const name = method.name.replace(/^((libra|smooth)-)+/, '');
  const others = [
    methods.find((each) => each.name === name),
    methods.find(({ source }) => source === method.source),
  ];
  return others.find((each) => each !== undefined) ?? method;
}

function tellAll(): void {
  const width = Math.max(...methods.map(({ name }) => name.length));
  for (const { name, explains } of methods) tell(`${name.padEnd(width)}  ${explains}`);
  tell('');
  tell(
    'libra-NAME takes the gradients of one under rules that keep sums, smooth-NAME its mean over noisy copies.',
  );
  tell('"vitrine methods NAME" tells all about one.');
}

function tellOptions(method: AnyMethod): void {
  const rows = optionRows([method]);
  tell(rows.length === 0 ? 'No options.' : 'Options:');
  for (const { usage, help, fallback } of rows) {
    tell(`  ${usage}`);
    for (const line of wrappedWords(`${help} (default: ${fallback})`)) tell(`      ${line}`);
  }
}

/** The parts of what the page says below a method's title, without its first, which tells source and options; lines of each. */
function sectionOf(page: string, name: string): readonly (readonly string[])[] {
  const [, text = ''] = new RegExp(`^### \`${name}\`\\n\\n(.*?)(?=^##|(?![^]))`, 'ms').exec(page) ?? [];
  const parts = text.trim().split('\n\n').slice(1);
  return parts.map((part) => {
    const lines = part.split('\n');
    return part.startsWith('```')
      ? lines.slice(1, -1).map((line) => `  ${line}`)
      : wrappedWords(plain(lines.join(' ')));
  });
}

/** Links as their words, and no marks of code. */
function plain(markdown: string): string {
  return markdown.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
}
