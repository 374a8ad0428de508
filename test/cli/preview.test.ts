/* eslint-disable no-control-regex -- what steers a terminal begins with one */
import { afterAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { decode } from 'sixel';
import { Preview } from '../../src/cli/preview/preview.js';
import { cellsFor } from '../../src/cli/preview/sizes.js';
import { protocolOf } from '../../src/cli/preview/terminal.js';
import { demoModel, resize, type Picture } from '../../src/index.js';
import { photograph } from '../report/samples.js';
import { packageFolder, vitrine } from './command.js';

const cwd = mkdtempSync(join(tmpdir(), 'vitrine-preview-'));
afterAll(() => {
  rmSync(cwd, { recursive: true });
});

const kitty = { KITTY_WINDOW_ID: '1' };
const iterm = { TERM_PROGRAM: 'iTerm.app' };
const sixel = { TERM: 'foot' };
const blocks = { COLORTERM: 'truecolor' };

describe('how pictures are shown', () => {
  const tty = { isTTY: true, columns: 80, rows: 24 };

  test.each<[string | undefined, NodeJS.ProcessEnv]>([
    ['kitty', { ...kitty, COLORTERM: 'truecolor' }],
    ['kitty', { TERM: 'xterm-ghostty', TERM_PROGRAM: 'ghostty' }],
    ['kitty', { KONSOLE_VERSION: '230801', COLORTERM: 'truecolor' }],
    ['blocks', { KONSOLE_VERSION: '210801', COLORTERM: 'truecolor' }],
    ['iterm', { ...iterm, COLORTERM: 'truecolor' }],
    ['iterm', { LC_TERMINAL: 'iTerm2', TERM: 'xterm-256color' }],
    ['iterm', { TERM_PROGRAM: 'WezTerm', TERM: 'xterm-256color' }],
    ['sixel', sixel],
    ['sixel', { TERM: 'xterm-sixel', COLORTERM: 'truecolor' }],
    ['blocks', { TERM_PROGRAM: 'vscode', COLORTERM: 'truecolor' }],
    ['blocks', { COLORTERM: '24bit' }],
    // A multiplexer lets characters through, and no pictures.
    ['blocks', { ...kitty, TMUX: '/tmp/tmux', COLORTERM: 'truecolor' }],
    ['blocks', { ...iterm, TERM: 'screen-256color', COLORTERM: 'truecolor' }],
    [undefined, { ...kitty, TMUX: '/tmp/tmux' }],
    [undefined, { TERM: 'xterm-256color' }],
    [undefined, { ...kitty, NO_COLOR: '1' }],
    ['kitty', { ...kitty, NO_COLOR: '' }],
    [undefined, { ...kitty, TERM: 'dumb' }],
    [undefined, {}],
  ])('%s by %j', (protocol, env) => {
    expect(protocolOf({ env, stdout: tty })).toBe(protocol);
    expect(protocolOf({ env, stdout: { ...tty, isTTY: false } })).toBeUndefined();
  });

  test.each([
    // As many characters as its pixels need, no more than there are, and lines left for what is told.
    [
      { width: 400, height: 160 },
      { columns: 50, rows: 10 },
    ],
    [
      { width: 4000, height: 1000 },
      { columns: 79, rows: 10 },
    ],
    [
      { width: 1000, height: 4000 },
      { columns: 11, rows: 21 },
    ],
    [
      { width: 1, height: 1 },
      { columns: 1, rows: 1 },
    ],
    [
      { width: 5, height: 9000 },
      { columns: 1, rows: 21 },
    ],
  ])('%j takes %j', (size, cells) => {
    expect(cellsFor(size, { stdout: tty })).toEqual(cells);
  });
});

/** What is written to a terminal of this environment. */
async function written(
  picture: Picture,
  env: NodeJS.ProcessEnv,
  { times = 1, wanted = true } = {},
): Promise<string> {
  let all = '';
  const stdout = {
    ...{ isTTY: true, columns: 60, rows: 20 },
    write: (text: string | Uint8Array) => {
      all += String(text);
      return true;
    },
  };
  const preview = new Preview(wanted, { env, stdout });
  for (let i = 0; i < times; i++) await preview.show(picture);
  return all;
}

async function pixelsOfPng(base64: string): Promise<Picture> {
  const { data, info } = await sharp(Buffer.from(base64, 'base64'))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

/** The largest difference of two pictures of one size. */
function apart(a: Picture, b: Picture): number {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  return a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i])), 0);
}

const small = photograph(300, 150);
const large = photograph(2400, 1200);
/** 59 columns of 100 and 15 lines: what a fine terminal has pixels for. */
const reduced = resize(large, 944, 472);

describe('a picture', () => {
  test.each([
    ['small', small, small, 'c=38,r=10'],
    ['large', large, reduced, 'c=59,r=15'],
  ])('that is %s comes to kitty in pieces, pixel for pixel', async (_, picture, expected, size) => {
    const text = await written(picture, kitty);
    const commands = [...text.matchAll(/\u001b_G([^;]*);([^\u001b]*)\u001b\\/g)];
    expect(`${commands.map(([whole]) => whole).join('')}\n`).toBe(text);
    expect(commands[0][1]).toBe(`a=T,f=100,q=2,${size},m=${commands.length > 1 ? 1 : 0}`);
    expect(commands.slice(1).map(([, keys]) => keys)).toEqual(commands.slice(1).map((_each, i) => `m=${i < commands.length - 2 ? 1 : 0}`)); // prettier-ignore
    expect(Math.max(...commands.map(([, , data]) => data.length))).toBeLessThanOrEqual(4096);
    expect(commands.slice(0, -1).every(([, , data]) => data.length % 4 === 0)).toBe(true);
    expect(apart(await pixelsOfPng(commands.map(([, , data]) => data).join('')), expected)).toBe(0);
  });

  test('comes to iTerm2 pixel for pixel', async () => {
    const text = await written(large, iterm);
    const [whole, size, data] = /^\u001b\]1337;File=inline=1;size=(\d+);width=59;height=15;preserveAspectRatio=1:([\w+/=]+)\u0007\n$/.exec(text)!; // prettier-ignore
    expect(whole).toBe(text);
    expect(Buffer.from(data, 'base64')).toHaveLength(Number(size));
    expect(apart(await pixelsOfPng(data), reduced)).toBe(0);
  });

  test('comes as sixels, in as many colours as those have', async () => {
    const text = await written(large, sixel);
    expect(text).toMatch(/^\u001bP[^]*\u001b\\\n$/);
    const [, body] = /^\u001bP[\d;]*q([^]*)\u001b\\\n$/.exec(text)!;
    const found = decode(body);
    const rgba = new Uint8Array(found.data32.buffer, found.data32.byteOffset, 4 * found.width * found.height);
    const data = Uint8Array.from({ length: 3 * found.width * found.height }, (_, i) => rgba[4 * Math.floor(i / 3) + (i % 3)]); // prettier-ignore
    const expected = resize(large, 472, 236);
    expect([found.width, found.height]).toEqual([expected.width, expected.height]);
    const mean = data.reduce((sum, value, i) => sum + Math.abs(value - expected.data[i]), 0) / data.length;
    expect(mean).toBeLessThan(6);
  });

  test('comes as coloured halves of characters', async () => {
    const text = await written(large, blocks);
    const lines = text.split('\n').slice(0, -1);
    expect(lines).toHaveLength(15);
    const rows = lines.flatMap((line) => {
      const cells = [...line.matchAll(/\u001b\[38;2;(\d+);(\d+);(\d+);48;2;(\d+);(\d+);(\d+)m▀/g)];
      expect(`${cells.map(([cell]) => cell).join('')}\u001b[0m`).toBe(line);
      return [cells.map((cell) => cell.slice(1, 4)), cells.map((cell) => cell.slice(4, 7))];
    });
    const data = Uint8Array.from(rows.flat(2), Number);
    expect(apart({ width: 59, height: 30, data }, resize(large, 59, 30))).toBe(0);
  });

  test.each([
    ['one pixel', photograph(1, 1)],
    ['a tall one', photograph(3, 2000)],
    ['a wide one', photograph(2000, 3)],
  ])('that is %s comes, too', async (_, picture) => {
    for (const env of [kitty, iterm, sixel, blocks]) expect(await written(picture, env)).toMatch(/\n$/);
  });

  test('is shown if that is wanted, and no more than some of a call', async () => {
    expect(await written(small, blocks, { wanted: false })).toBe('');
    const one = await written(small, blocks);
    expect(await written(small, blocks, { times: 9 })).toBe(one.repeat(6));
  });
});

describe('explain', () => {
  const asked = [
    'explain',
    join(packageFolder, 'examples', 'scene.png'),
    '--model',
    demoModel.name,
    '--device',
    'native',
  ];
  const terminal = { NODE_OPTIONS: `--require=${join(packageFolder, 'test', 'support', 'terminal.cjs')}` };
  const inTerminal = async (env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<string> => {
    const { status, stdout, stderr } = await vitrine([...asked, ...args], {
      cwd,
      env: { TERM: 'xterm', ...env },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return stdout;
  };

  test.each([
    [kitty, '\u001b_G'],
    [iterm, '\u001b]1337;File='],
    [sixel, '\u001bP'],
    [blocks, '\u001b[38;2;'],
  ])('in a terminal of %j shows the panel', async (env, sign) => {
    const text = await inTerminal({ ...terminal, ...env });
    const [before, after] = [text.indexOf('panel: '), text.indexOf(sign)];
    expect(before).toBeGreaterThan(0);
    expect(after).toBeGreaterThan(before);
  });

  test('shows none where none is wanted, or what is written is not for a terminal', async () => {
    expect(await inTerminal({ ...terminal, ...blocks }, '--no-preview')).not.toContain('\u001b');
    expect(await inTerminal({ ...terminal, ...blocks, NO_COLOR: '1' })).not.toContain('\u001b');
    expect(await inTerminal({ ...terminal, ...blocks }, '--json')).not.toContain('\u001b');
    expect(await inTerminal(blocks)).not.toContain('\u001b');
  });
});
