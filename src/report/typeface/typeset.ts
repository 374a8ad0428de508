import type { Outline, DrawnShape } from '../shapes.js';
import { em, glyphsOf, smaller } from './glyphs.js';

/*
 * Text as outlines, so that a picture is the same wherever it is drawn, whatever fonts are there. Letters stand at their
 * advances, without kerning.
 */

export const inks = { text: '#1f2933', faint: '#66727f' } as const;

/** How a line of text is set. */
export interface Setting {
  /** Where it begins, or its middle, or its end: see `anchor`. */
  readonly x: number;
  /** The baseline. */
  readonly y: number;
  /** Pixels an em. */
  readonly size: number;
  readonly fill?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
}

const shares = { start: 0, middle: 0.5, end: 1 };

/** How wide a line of text is, in the units of `size`. */
export function widthOf(text: string, size: number): number {
  return (size / em) * glyphsOf(text).reduce((sum, { advance }) => sum + advance, 0);
}

/** A line of text, which is what its shape says. */
export function setText(
  text: string,
  { x, y, size, fill = inks.text, anchor = 'start' }: Setting,
): DrawnShape {
  const scale = size / em;
  const outlines: Outline[] = [];
  let pen = 0;
  for (const { advance, outline, inside } of glyphsOf(text)) {
    if (outline !== '') outlines.push({ commands: outline, x: pen * scale, y: 0, scale });
    for (const digit of inside) {
      const place = { x: (pen + digit.x) * scale, y: digit.y * scale };
      outlines.push({ commands: digit.outline, ...place, scale: smaller * scale });
    }
    pen += advance;
  }
  return { x: x - shares[anchor] * pen * scale, y, fill, label: text, outlines };
}

/** Lines of at most `width`; a longer word is cut. */
export function wrapped(text: string, size: number, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter((each) => each !== '')) {
    const joined = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && widthOf(joined, size) <= width) lines[lines.length - 1] = joined;
    else lines.push(...pieces(word, size, width));
  }
  return lines;
}

/** A word in parts that have room, of a letter at least. */
function pieces(word: string, size: number, width: number): readonly string[] {
  const parts = [''];
  for (const letter of word) {
    const last = parts[parts.length - 1];
    if (last === '' || widthOf(last + letter, size) <= width) parts[parts.length - 1] += letter;
    else parts.push(letter);
  }
  return parts;
}

/** A text that has room: cut, and an ellipsis behind what is left, where it has not. */
export function shortened(text: string, size: number, width: number): string {
  if (widthOf(text, size) <= width) return text;
  const letters = Array.from(text);
  while (letters.length > 0 && widthOf(`${letters.join('').trimEnd()}…`, size) > width) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}
