// Writes the letters that pictures are set in, src/report/typeface/letters.ts: outlines and advances of Inter, taken from the
// package @fontsource/inter. Byte for byte the same at each run.
//
//   node recipes/typeface/make.js
//   node recipes/typeface/make.js --check    says whether they are, and writes nothing
import { readFileSync, writeFileSync } from 'node:fs';
import opentype from 'opentype.js';

const at = (path) => new URL(`../../${path}`, import.meta.url);
const source = 'node_modules/@fontsource/inter';

/** Scripts in the order in which a letter is looked for, and what of each is wanted: what labels and captions are written in. */
const parts = [
  ['latin', [0x20, 0x7e], [0xa0, 0xff], [0x131], [0x152, 0x153], [0x2000, 0x206f], [0x20ac], [0x2122], [0x2191], [0x2193], [0x2212]],
  ['latin-ext', [0x100, 0x17f], [0x192], [0x218, 0x21b], [0x2c6, 0x2dd], [0x1e9e]],
  ['vietnamese', [0x1a0, 0x1b0], [0x1ea0, 0x1ef9]],
  ['greek', [0x384, 0x3ce]],
  ['cyrillic', [0x400, 0x45f], [0x490, 0x491], [0x2116]],
]; // prettier-ignore

/** Units an em in the table: fine enough for letters of a hundred pixels. */
const em = 1000;
const letters = new Map();
let unitsPerEm;
for (const [script, ...ranges] of parts) {
  const file = readFileSync(at(`${source}/files/inter-${script}-400-normal.woff`));
  const font = opentype.parse(file.buffer.slice(file.byteOffset, file.byteOffset + file.length));
  unitsPerEm = font.unitsPerEm;
  for (const [first, last = first] of ranges) {
    for (let code = first; code <= last; code++) {
      const letter = String.fromCodePoint(code);
      const glyph = font.charToGlyph(letter);
      if (glyph.index === 0 || letters.has(letter)) continue;
      letters.set(letter, [scaled(glyph.advanceWidth), outlineOf(glyph.path.commands)]);
    }
  }
}

function scaled(units) {
  return Math.round((units * em) / unitsPerEm);
}

/** Relative commands of SVG, y downwards: from the pen, so that letters in a row are their outlines in a row. */
function outlineOf(commands) {
  let [x, y] = [0, 0];
  let outline = '';
  let written = '';
  const point = (toX, toY) => [scaled(toX) - x, -scaled(toY) - y];
  const write = (name, numbers) => {
    // A repeated command needs no letter, and a minus separates numbers.
    const head = name === written && name !== 'm' ? ' ' : name;
    outline += numbers.reduce(
      (text, number) => text + (number < 0 || /[a-z ]$/.test(text) ? '' : ' ') + number,
      head,
    );
    outline = outline.replace(' -', '-');
    written = name;
  };
  const contours = [];
  for (const command of commands) {
    if (command.type === 'Z') continue;
    if (command.type === 'M') contours.push([]);
    contours.at(-1).push(command);
  }
  for (const [start, ...rest] of contours) {
    const beginning = [scaled(start.x), -scaled(start.y)];
    write('m', point(start.x, start.y));
    [x, y] = beginning;
    for (const { type, x1, y1, x: toX, y: toY } of rest) {
      const end = point(toX, toY);
      if (type === 'L' && end[0] === 0 && end[1] === 0) continue;
      if (type === 'L' && end[1] === 0) write('h', [end[0]]);
      else if (type === 'L' && end[0] === 0) write('v', [end[1]]);
      else if (type === 'L') write('l', end);
      else write('q', [...point(x1, y1), ...end]);
      [x, y] = [x + end[0], y + end[1]];
    }
    outline += 'z';
    written = 'z';
    [x, y] = beginning;
  }
  return outline;
}

const rows = [...letters].map(
  ([letter, [advance, outline]]) => `  ${JSON.stringify(letter)}: [${advance}, '${outline}'],`,
);
const table = `// Inter, Copyright 2016 The Inter Project Authors (https://github.com/rsms/inter), under the SIL Open Font License 1.1: see
// OFL.txt beside this file. Outlines and advances by letter, written by recipes/typeface/make.js.
export const letters: Readonly<Record<string, readonly [advance: number, outline: string]>> = {
${rows.join('\n')}
};
`;
const written = {
  'src/report/typeface/letters.ts': table,
  'src/report/typeface/OFL.txt': readFileSync(at(`${source}/LICENSE`), 'utf8'),
};
for (const [path, text] of Object.entries(written)) {
  if (!process.argv.includes('--check')) {
    writeFileSync(at(path), text);
  } else if (readFileSync(at(path), 'utf8') !== text) {
    console.error(`${path} is not what this script writes: run "node recipes/typeface/make.js".`);
    process.exitCode = 1;
  }
}
