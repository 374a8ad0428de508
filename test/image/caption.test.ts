import { describe, expect, test } from '@jest/globals';
import { captioned } from '../../src/image/caption.js';
import type { Picture } from '../../src/image/picture.js';
import { areSame, pictureByFormula, pixelsOf, plainPicture } from './pictures.js';

/** The rows below a picture, a letter a pixel: # for ink, . for paper. */
function rowsBelow(picture: Picture, height: number): string[] {
  const letterOf: Readonly<Record<string, string>> = { '32,32,32': '#', '245,245,245': '.' };
  const letters = pixelsOf(picture).map((color) => letterOf[color.join()] ?? '?');
  return Array.from({ length: picture.height - height }, (_, row) =>
    letters.slice((height + row) * picture.width, (height + row + 1) * picture.width).join(''),
  );
}

/** What is written below a picture of that width, line by line. */
function linesOf(width: number, text: string): string[][] {
  const rows = rowsBelow(captioned(pictureByFormula(width, 2), text), 2);
  const inside = rows.slice(3, -3);
  return Array.from({ length: inside.length / 11 }, (_, line) => inside.slice(11 * line, 11 * line + 11));
}

describe('a caption', () => {
  test('stands below the picture, which stays as it is, in letters of five by seven pixels', () => {
    const picture = pictureByFormula(24, 3);
    const result = captioned(picture, 'Hg€');
    expect([result.width, result.height]).toEqual([24, 3 + 3 + 11 + 3]);
    const above = { ...picture, data: result.data.subarray(0, picture.data.length) };
    expect(areSame(above, picture)).toBe(true);
    expect(rowsBelow(result, 3)).toEqual([
      '........................',
      '........................',
      '........................',
      '...#...#.......#####....',
      '...#...#.......#...#....',
      '...#...#..####.#...#....',
      '...#####.#...#.#...#....',
      '...#...#.#...#.#...#....',
      '...#...#.#...#.#...#....',
      '...#...#..####.#####....',
      '.............#..........',
      '..........###...........',
      '........................',
      '........................',
      '........................',
      '........................',
      '........................',
    ]);
  });

  test.each([
    // Four letters fit into 30 pixels, and no fifth into 35.
    [30, 'ab c de', ['ab c', 'de']],
    [35, 'ab cd e', ['ab', 'cd e']],
    [30, 'a fghijk', ['a', 'fghi', 'jk']],
    [30, 'abcdefgh', ['abcd', 'efgh']],
    [30, 'abcdefgh i', ['abcd', 'efgh', 'i']],
    [30, '', []],
  ])('in a width of %d "%s" becomes the lines %j', (width, text, lines) => {
    expect(linesOf(width, text)).toEqual(lines.flatMap((line) => linesOf(width, line)));
    expect(linesOf(width, text)).toHaveLength(lines.length);
  });

  test('grows with the picture: twice as wide, every pixel is two by two', () => {
    const text = 'DeiT-tiny, 87 (African grey)';
    const twice = captioned(plainPicture(960, 2, [9, 9, 9]), text);
    const once = pixelsOf(captioned(plainPicture(480, 1, [9, 9, 9]), text));
    const enlarged = pixelsOf(twice).map((_, i) => {
      const [x, y] = [i % 960, Math.floor(i / 960)];
      return once[(y >> 1) * 480 + (x >> 1)];
    });
    expect(pixelsOf(twice).join()).toBe(enlarged.join());
  });

  test.each([
    // Letters begin three pixels from the edge; of what does not fit the rest is cut off.
    [1, '.', '.'],
    [4, '...#', '...#'],
    [5, '...#.', '...##'],
  ])('in a width of %d there is still a letter a line, cut off at the edge', (width, row, middle) => {
    const [three, empty] = [[row, row, row], Array<string>(4).fill('.'.repeat(width))];
    const lines = linesOf(width, 'HH');
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toEqual([...three, middle, ...three, ...empty]);
  });
});
