import { letters } from './letters.js';

/** Units an em, in which letters are told. */
export const em = 1000;

/** A letter, or what stands for one that is not in the table. */
export interface Glyph {
  readonly advance: number;
  /** Relative to where the pen is, in commands of SVG. */
  readonly outline: string;
  /** Letters inside it that are `smaller` by so much, and where their pens are. */
  readonly inside: readonly { readonly x: number; readonly y: number; readonly outline: string }[];
}

/** Each letter is looked up once: texts are measured again and again. */
const found = new Map<string, readonly Glyph[]>();

/** The letters of a text: accents joined to what they belong to, wide and narrow forms as the usual ones. */
export function glyphsOf(text: string): readonly Glyph[] {
  return Array.from(text.normalize('NFC')).flatMap((letter) => {
    const glyphs = found.get(letter) ?? glyphsOfLetter(letter);
    found.set(letter, glyphs);
    return glyphs;
  });
}

function glyphsOfLetter(letter: string): readonly Glyph[] {
  const usual = Array.from(Object.hasOwn(letters, letter) ? letter : letter.normalize('NFKC'));
  return usual.every((each) => Object.hasOwn(letters, each)) ? usual.map(known) : [boxed(letter)];
}

function known(letter: string): Glyph {
  const [advance, outline] = letters[letter];
  return { advance, outline, inside: [] };
}

/** How much smaller the digits in a box are. */
export const smaller = 0.48;
/** Of a box, in units: room at its sides, its line, a digit's place, and how far it reaches above and below the baseline. */
const [side, line, place, above, below] = [60, 36, 320, 780, 200];
/** The baselines of the digits. */
const baselines = [-340, 100];

/**
 * What a script that is not in the table comes to: the letter's number in a box. It can be looked up, and nobody takes it for the
 * text.
 */
function boxed(letter: string): Glyph {
  const code = letter.codePointAt(0)!.toString(16).toUpperCase();
  const columns = Math.max(2, Math.ceil(code.length / 2));
  const digits = code.padStart(2 * columns, '0');
  const [width, height] = [columns * place + 3 * line, above + below];
  const frame =
    `m${side} ${below}v${-height}h${width}v${height}z` +
    `m${line} ${-line}h${width - 2 * line}v${2 * line - height}h${2 * line - width}z`;
  const inside = Array.from(digits, (digit, i) => {
    const [advance, outline] = letters[digit];
    const middle = side + 1.5 * line + ((i % columns) + 0.5) * place;
    return { x: middle - (smaller * advance) / 2, y: baselines[Math.floor(i / columns)], outline };
  });
  return { advance: width + 2 * side, outline: frame, inside };
}
