import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { ofShapes, rasterise, setText, shortened, widthOf, wrapped } from '../../src/report/index.js';
import { packageFolder, run } from '../cli/command.js';
import { generator, seed } from '../support/random.js';

const random = generator();

/** Words of random letters, some of other scripts. */
function randomText(): string {
  const alphabet = Array.from('aeinrstlW.,-0123ÄéßőЖλ猫🐈');
  const word = (): string =>
    Array.from(
      { length: 1 + Math.floor(random() * 12) },
      () => alphabet[Math.floor(random() * alphabet.length)],
    ).join('');
  return Array.from({ length: 1 + Math.floor(random() * 12) }, word).join(' ');
}

/** Which pixels of a drawn text have ink: [rows, columns]. */
function inkOf(text: string, size = 40): boolean[][] {
  const width = Math.ceil(widthOf(text, size)) + 4;
  const shapes = [setText(text, { x: 2, y: size, size, fill: '#000000' })];
  const picture = rasterise(ofShapes({ width, height: Math.ceil(1.4 * size) }, shapes));
  return Array.from({ length: picture.height }, (_, y) =>
    Array.from({ length: picture.width }, (_, x) => picture.data[3 * (y * picture.width + x)] < 122),
  );
}

const outlines = (text: string): unknown => setText(text, { x: 0, y: 0, size: 10 }).outlines;

const rowsWithInk = (ink: boolean[][]): number[] => [...ink.keys()].filter((y) => ink[y].includes(true));

describe(`text (seed ${seed})`, () => {
  test('is as wide as its letters, in proportion to its size', () => {
    const text = randomText();
    const letters = Array.from(text).reduce((sum, letter) => sum + widthOf(letter, 10), 0);
    expect(widthOf(text, 10)).toBeCloseTo(letters);
    expect(widthOf(text, 25)).toBeCloseTo(2.5 * letters);
    expect(widthOf('', 10)).toBe(0);
    expect(widthOf('i', 10)).toBeLessThan(widthOf('W', 10));
  });

  test('stands on its baseline, as high as letters are, and begins where it is to', () => {
    const size = 40;
    const rows = rowsWithInk(inkOf('H', size));
    // Two dots for each unit; capitals of this typeface are 0.727 em high.
    expect(Math.abs(rows[rows.length - 1] - (2 * size - 1))).toBeLessThanOrEqual(1);
    expect(Math.abs(rows.length - 2 * size * 0.727)).toBeLessThanOrEqual(1.5);
    const below = rowsWithInk(inkOf('g', size));
    expect(below[below.length - 1]).toBeGreaterThan(2 * size + 10);
    const columns = inkOf('H', size)[2 * size - 4].flatMap((has, x) => (has ? [x] : []));
    expect(columns[0]).toBeGreaterThanOrEqual(4);
    expect(columns[0]).toBeLessThan(4 + 0.12 * 2 * size);
  });

  test('holes of letters are open', () => {
    const ink = inkOf('o');
    const [first, ...rest] = rowsWithInk(ink);
    const middle = ink[Math.round((first + rest[rest.length - 1]) / 2)];
    const runs = middle.map((has, x) => has && !middle[x - 1]).filter(Boolean).length;
    expect(runs).toBe(2);
  });

  test('has accents, however they are put, and the letters of Europe', () => {
    expect(setText('e\u0301', { x: 0, y: 0, size: 10 }).label).toBe('e\u0301');
    expect(outlines('e\u0301')).toEqual(outlines('\u00e9'));
    expect(outlines('\u00e9')).not.toEqual(outlines('e'));
    // Wide forms are the usual letters.
    expect(outlines('Ａ１')).toEqual(outlines('A1'));
    const boxed = (letter: string): boolean => setText(letter, { x: 0, y: 0, size: 10 }).outlines.length > 1;
    const letters =
      'ÀÿĀžŐőŞşŁłẞßÆœØĐƠưẠỹΑωЖяЁіґ€−…–—„“”‘’×÷·°§№' +
      String.fromCharCode(...Array.from({ length: 95 }, (_, i) => 32 + i));
    expect(Array.from(letters).filter(boxed)).toEqual([]);
  });

  test('of a script that is not there has the number of each letter in a box, so that nobody takes it for the text', () => {
    for (const letter of ['猫', 'ا', '🐈', '\u0007']) {
      // A frame and the digits in it.
      expect(setText(letter, { x: 0, y: 0, size: 10 }).outlines.length).toBeGreaterThanOrEqual(5);
      expect(widthOf(letter, 10)).toBeGreaterThan(5);
    }
    expect(outlines('猫')).not.toEqual(outlines('犬'));
    const ink = inkOf('猫');
    const rows = rowsWithInk(ink);
    // Its lines above and below are closed.
    for (const y of [rows[0], rows[rows.length - 1]]) {
      const columns = ink[y].flatMap((has, x) => (has ? [x] : []));
      expect(columns).toHaveLength(columns[columns.length - 1] - columns[0] + 1);
    }
    expect(ink.flat().filter(Boolean).length).toBeGreaterThan(200);
  });

  test('wrapped, has room, and loses nothing', () => {
    for (let i = 0; i < 20; i++) {
      const [text, width] = [randomText(), 30 + 200 * random()];
      const all = wrapped(text, 12, width);
      for (const line of all) expect(widthOf(line, 12)).toBeLessThanOrEqual(width);
      expect(all.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }
    expect(wrapped('a  b ', 12, 100)).toEqual(['a b']);
    expect(wrapped('', 12, 100)).toEqual([]);
    // There is a letter a line where there is no room for one.
    expect(wrapped('ab c', 12, 1)).toEqual(['a', 'b', 'c']);
  });

  test('shortened, has room, and says that it goes on', () => {
    for (let i = 0; i < 20; i++) {
      const [text, width] = [randomText(), 30 + 200 * random()];
      const short = shortened(text, 12, width);
      expect(widthOf(short, 12)).toBeLessThanOrEqual(width);
      if (short === text) continue;
      expect(short.endsWith('…')).toBe(true);
      expect(text.startsWith(short.slice(0, -1))).toBe(true);
    }
    expect(shortened('tabby', 12, 100)).toBe('tabby');
  });

  test('is set in the letters that the typeface has', async () => {
    const outcome = await run(process.execPath, [join('recipes', 'typeface', 'make.js'), '--check'], {
      cwd: packageFolder,
    });
    expect(outcome).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});
