import { aText, expectGiven } from '../given.js';
import { checkPicture } from './given.js';
import { ascent, descent, glyphWidth, hasInk } from './glyphs.js';
import { onPaper } from './paper.js';
import type { Picture } from './picture.js';

const ink = 32;
/** A letter stays readable on the smallest picture, and grows with large ones. */
const PIXELS_FOR_EACH_SIZE = 480;

/**
 * A picture with lines of text below it, as many as its width makes necessary.
 * @param text words with single spaces between; letters, digits and punctuation of ASCII
 */
export function captioned(picture: Picture, text: string): Picture {
  checkPicture('captioned', picture);
  expectGiven('captioned: the text', text, aText);
  const { width, height } = picture;
  const scale = Math.max(1, Math.round(width / PIXELS_FOR_EACH_SIZE));
  const [advance, lineHeight, margin] = [scale * (glyphWidth + 1), scale * (ascent + descent + 2), 3 * scale];
  const lines = wrapped(text, Math.max(1, Math.floor((width - 2 * margin) / advance)));
  const total = height + lines.length * lineHeight + 2 * margin;
  const result = onPaper({ width, height: total }, picture);
  lines.forEach((line, index) => {
    const top = height + margin + index * lineHeight;
    for (let y = 0; y < scale * (ascent + descent); y++) {
      for (let x = 0; x < Math.min(line.length * advance, width - margin); x++) {
        const letter = line[Math.floor(x / advance)];
        const column = Math.floor((x % advance) / scale);
        if (column >= glyphWidth || !hasInk(letter, Math.floor(y / scale), column)) continue;
        const at = 3 * ((top + y) * width + margin + x);
        result.data.fill(ink, at, at + 3);
      }
    }
  });
  return result;
}

/** Lines of at most `length` letters; a longer word is cut. */
function wrapped(text: string, length: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    let rest = word;
    while (rest !== '') {
      const joined = line === '' ? rest : `${line} ${rest}`;
      if (joined.length <= length) {
        [line, rest] = [joined, ''];
      } else if (line !== '') {
        lines.push(line);
        line = '';
      } else {
        lines.push(rest.slice(0, length));
        rest = rest.slice(length);
      }
    }
  }
  return line === '' ? lines : [...lines, line];
}
