import { resize, type Picture } from '../../image/index.js';
import { encodePng } from '../../node/index.js';
import { cellsFor, pixelsFor, type Cells } from './sizes.js';
import type { Protocol, Terminal } from './terminal.js';

const ESC = '\u001b';

/** Pixels across a character: terminals of today have up to so many, and those without a way to scale at least so many. */
const [fine, coarse] = [16, 8];

/** A picture as what is written to a terminal to show it, the cursor below it afterwards. */
type Writing = (picture: Picture, cells: Cells) => string | Promise<string>;

/** Bytes of base64 in one command at most. */
const chunk = 4096;

/** @see https://sw.kovidgoyal.net/kitty/graphics-protocol/ */
const kitty: Writing = (picture, cells) => {
  const data = base64(reduced(picture, cells, fine));
  const pieces = data.match(new RegExp(`.{1,${chunk}}`, 'g'))!;
  const commands = pieces.map((piece, i) => {
    const first = i === 0 ? `a=T,f=100,q=2,c=${cells.columns},r=${cells.rows},` : '';
    return `${ESC}_G${first}m=${i < pieces.length - 1 ? 1 : 0};${piece}${ESC}\\`;
  });
  return `${commands.join('')}\n`;
};

/** @see https://iterm2.com/documentation-images.html */
const iterm: Writing = (picture, cells) => {
  const png = encodePng(reduced(picture, cells, fine));
  const size = `size=${png.length};width=${cells.columns};height=${cells.rows}`;
  return `${ESC}]1337;File=inline=1;${size};preserveAspectRatio=1:${Buffer.from(png).toString('base64')}\u0007\n`;
};

const sixel: Writing = async (picture, cells) => {
  // Loaded by terminals that need it alone.
  const { image2sixel } = await import('sixel');
  const { width, height, data } = reduced(picture, cells, coarse);
  const opaque = new Uint8Array(4 * width * height).fill(255);
  for (let i = 0; i < width * height; i++) opaque.set(data.subarray(3 * i, 3 * i + 3), 4 * i);
  return `${image2sixel(opaque, width, height)}\n`;
};

/** Two pixels a character: the upper one in the colour of its ink, the lower one in that of its ground. */
const blocks: Writing = (picture, { columns, rows }) => {
  const { data } = resize(picture, columns, 2 * rows);
  const colourAt = (x: number, y: number): string =>
    data.subarray(3 * (y * columns + x), 3 * (y * columns + x) + 3).join(';');
  const lines = Array.from({ length: rows }, (_, row) => {
    const characters = Array.from({ length: columns }, (_, x) => {
      return `${ESC}[38;2;${colourAt(x, 2 * row)};48;2;${colourAt(x, 2 * row + 1)}m\u2580`;
    });
    return `${characters.join('')}${ESC}[0m\n`;
  });
  return lines.join('');
};

const writings: Readonly<Record<Protocol, Writing>> = { kitty, iterm, sixel, blocks };

/** What shows a picture in a terminal that understands the protocol, no larger than the terminal. */
export async function writingOf(
  picture: Picture,
  protocol: Protocol,
  terminal: Pick<Terminal, 'stdout'>,
): Promise<string> {
  return writings[protocol](picture, cellsFor(picture, terminal));
}

/** So small that no more is sent than can be seen. */
function reduced(picture: Picture, cells: Cells, across: number): Picture {
  const room = pixelsFor(cells, across);
  const scale = Math.min(1, room.width / picture.width, room.height / picture.height);
  const side = (length: number): number => Math.max(1, Math.round(length * scale));
  return scale === 1 ? picture : resize(picture, side(picture.width), side(picture.height));
}

function base64(picture: Picture): string {
  return Buffer.from(encodePng(picture)).toString('base64');
}
