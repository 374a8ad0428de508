import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findModel } from '../../src/index.js';
import { writePng } from '../../src/node/pictures/read.js';
import { generator, seed } from '../support/random.js';
import {
  environmentOfPerson,
  packageFolder,
  packageJson,
  refusalOf,
  sentenceOf,
  vitrine,
} from './command.js';

/* The command from end to end, with the model that ships, on pictures that mean nothing. */

const root = mkdtempSync(join(tmpdir(), 'vitrine-evaluate-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const SIZE = 72;
const random = generator();

/** A bright rectangle on noise, and its mask. */
async function scene(folder: string, name: string, side = SIZE): Promise<void> {
  const [left, top] = [8, 8].map((least) => least + Math.floor(random() * 30));
  const isInside = (i: number): boolean => {
    const [x, y] = [i % side, Math.floor(i / side)];
    return x >= left && x < left + 20 && y >= top && y < top + 24;
  };
  const draw = (of: (i: number) => number): Uint8Array =>
    Uint8Array.from({ length: 3 * side * side }, (_, i) => of(Math.floor(i / 3)));
  const picture = draw((i) => Math.floor((isInside(i) ? 180 : 60) * (0.5 + random())) % 256);
  await writePng(join(folder, `${name}.png`), { width: side, height: side, data: picture });
  const mask = draw((i) => (isInside(i) ? 255 : 0));
  await writePng(join(folder, `${name}.mask.png`), { width: side, height: side, data: mask });
}

const item = (name: string, of: unknown = 1, mask = `${name}.mask.png`) => ({
  image: `${name}.png`,
  objects: [{ class: of, mask }],
});

const set = join(root, 'set');
const names = ['a', 'b', 'c', 'd'];
beforeAll(async () => {
  mkdirSync(set);
  for (const name of names) await scene(set, name);
  writeFileSync(join(set, 'index.json'), JSON.stringify({ items: names.map((name, i) => item(name, i)) }));
});

let cwd = root;
beforeEach(() => {
  cwd = mkdtempSync(join(root, 'person-'));
});

const model = ['--model', 'vit_scenes_patch8_72', '--device', 'native', '--threads', '1'];
const methods = ['--method', 'recommended,rollout'];
const call = (args: readonly string[], data = set) =>
  vitrine(['evaluate', '--data', data, ...model, ...args], { cwd });
const out = (name: string, folder = 'evaluation'): string => readFileSync(join(cwd, folder, name), 'utf8');
const files = ['results.jsonl', 'table.csv', 'table.json', 'table.md', 'chart.svg'];

describe(`vitrine evaluate (seed ${seed})`, () => {
  test('measures each picture, tells of it in a table, and writes it in every form', async () => {
    const { status, stdout, stderr } = await call(methods);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^model +vit_scenes_patch8_72$/m);
    expect(stdout).toMatch(/^method +energy ↑ +lift ↑ +iou ↑ +pointing ↑ +ap ↑ +rank$/m);
    for (const row of ['recommended', 'rollout', '(raw-attention)', '(uniform)', '(centre)', '(random)']) {
      expect(stdout).toContain(`\n${row} `);
    }
    const rows = out('table.csv').trimEnd().split('\n');
    expect(rows[0]).toBe('method,measure,mean,low,high,count,rank');
    expect(rows).toHaveLength(1 + 6 * 5);
    const [, lift] = rows.map((row) => row.split(',')).filter(([method]) => method === 'uniform');
    expect([lift[1], Number(lift[2])]).toEqual(['lift', expect.closeTo(1, 12)]);
    const document = JSON.parse(out('table.json')) as { pictures: number; rows: { method: string }[] };
    expect([document.pictures, document.rows.length]).toEqual([4, 6]);
    expect(out('table.md')).toMatch(/^\| `recommended` .*\n/m);
    expect(out('chart.svg')).toMatch(/^<svg [^]*<\/svg>\n$/);
    expect(
      readFileSync(join(cwd, 'evaluation', 'chart.png'))
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    const lines = out('results.jsonl').trimEnd().split('\n');
    expect(lines).toHaveLength(1 + 4 * 6);
    expect(JSON.parse(lines[1])).toMatchObject({ picture: 'a.png', class: 0, method: 'recommended', of: 6 });
  });

  test('the same on any number of threads, to the byte', async () => {
    await call([...methods, '--measure', 'localisation,faithfulness', '--out', 'one', '--only', '^a']);
    const two = ['evaluate', '--data', set, ...model.slice(0, -1), '2', ...methods];
    await vitrine([...two, '--measure', 'localisation,faithfulness', '--out', 'two', '--only', '^a'], {
      cwd,
    });
    for (const file of files) expect(out(file, 'two')).toBe(out(file, 'one'));
  });

  test('what was cut off anywhere is gone on with to the same bytes', async () => {
    await call([...methods, '--out', 'whole']);
    const { length } = out('results.jsonl', 'whole');
    const end = out('results.jsonl', 'whole').indexOf('\n') + 1;
    for (const cut of [end, end + 40, Math.floor(end + random() * (length - end)), length - 1]) {
      cpSync(join(cwd, 'whole'), join(cwd, 'cut'), { recursive: true });
      truncateSync(join(cwd, 'cut', 'results.jsonl'), cut);
      for (const file of files.slice(1)) rmSync(join(cwd, 'cut', file));
      const { status } = await call([...methods, '--out', 'cut']);
      expect(status).toBe(0);
      for (const file of files) expect(out(file, 'cut')).toBe(out(file, 'whole'));
      rmSync(join(cwd, 'cut'), { recursive: true });
    }
  });

  test('one that is killed, too; nothing is measured twice', async () => {
    const args = ['--data', set, ...model, ...methods, '--measure', 'faithfulness', '--only', '^[abc]'];
    await vitrine(['evaluate', ...args, '--out', 'whole'], { cwd });
    const child = spawn(
      process.execPath,
      [join(packageFolder, packageJson.bin.vitrine), 'evaluate', ...args],
      {
        cwd,
        env: environmentOfPerson(),
        stdio: 'ignore',
      },
    );
    const ended = new Promise((resolve) => child.on('close', resolve));
    while (!existsSync(join(cwd, 'evaluation', 'results.jsonl')) && child.exitCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill('SIGKILL');
    await ended;
    const before = out('results.jsonl');
    const { status } = await vitrine(['evaluate', ...args], { cwd });
    expect(status).toBe(0);
    expect(out('results.jsonl').startsWith(before.slice(0, before.lastIndexOf('\n')))).toBe(true);
    for (const file of files) expect(out(file)).toBe(out(file, 'whole'));
  });

  test('both targets, sanity, stability and agreement, in one table with what it means', async () => {
    const names = ['--method', 'rollout,libra-handoff', '--target', 'logit,logprob', '--only', '^[ab]'];
    const { status, stdout } = await call([...names, '--measure', 'sanity,stability,agreement']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^method +other-class ↓ +randomized ↓ +noise ↑ +shift ↑ +agreement +rank$/m);
    expect(stdout).toContain('\nlibra-handoff.logprob ');
    expect(stdout).toMatch(/^blind to the class, whose maps of two classes are one: .*rollout/m);
    expect(stdout).not.toMatch(/blind to the class.*libra-handoff/);
    const lines = out('results.jsonl').trimEnd().split('\n').slice(1);
    const parts = new Set(lines.map((line) => (JSON.parse(line) as { part: string }).part));
    const { depth } = findModel('vit_scenes_patch8_72').config;
    expect([...parts].slice(0, 2)).toEqual(['maps', 'random head']);
    expect(parts.size).toBe(1 + depth + 2);
  });

  test('a folder of pictures alone: the most probable class, and what becomes of it', async () => {
    const data = join(cwd, 'pictures');
    mkdirSync(data);
    copyFileSync(join(packageFolder, 'examples', 'scene.png'), join(data, 'scene.png'));
    const { status, stdout } = await call([...methods, '--json'], data);
    expect(status).toBe(0);
    const told = JSON.parse(stdout) as { measures: { name: string }[]; pictures: number };
    expect(told.measures.map(({ name }) => name)).toEqual(['srg', 'deletion', 'insertion', 'abpc']);
    expect(told.pictures).toBe(1);
  });

  test.each(['evaluation', '.'])(
    'results in %s, in the folder of the pictures, are none of them',
    async (place) => {
      copyFileSync(join(packageFolder, 'examples', 'scene.png'), join(cwd, 'scene.png'));
      const args = ['--method', 'rollout', '--out', place];
      expect((await call(args, '.')).status).toBe(0);
      const before = files.map((file) => out(file, place));
      const { status, stderr } = await call(args, '.');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(files.map((file) => out(file, place))).toEqual(before);
    },
  );

  test('measures of masks alone, where there are none', async () => {
    copyFileSync(join(packageFolder, 'examples', 'scene.png'), join(cwd, 'scene.png'));
    expect(refusalOf(await call(['--measure', 'iou,localisation', '--json'], '.'))).toBe(
      '--measure iou,localisation asks for masks, and no picture has one; give a folder with masks, or measure faithfulness.',
    );
    expect(existsSync(join(cwd, 'evaluation'))).toBe(false);
  });

  test('a measure that no picture gives a meaning', async () => {
    const args = ['--measure', 'discrimination', '--method', 'rollout', '--only', '^a', '--json'];
    expect(refusalOf(await call(args))).toBe(
      'discrimination cannot be told of any map of these pictures; choose another --measure.',
    );
    expect(existsSync(join(cwd, 'evaluation', 'table.csv'))).toBe(false);
  });

  test('data that was moved is gone on with; other names of the classes are not', async () => {
    cpSync(set, join(cwd, 'here'), { recursive: true });
    const args = ['--method', 'rollout', '--only', '^[ab]'];
    expect((await call(args, 'here')).status).toBe(0);
    cpSync(join(cwd, 'here'), join(cwd, 'there'), { recursive: true });
    const lines = out('results.jsonl');
    expect((await call(args, 'there')).status).toBe(0);
    expect(out('results.jsonl')).toBe(lines);
    const { classes } = findModel('vit_scenes_patch8_72').config;
    writeFileSync(join(cwd, 'names.txt'), Array.from({ length: classes }, (_, i) => `name ${i}\n`).join(''));
    expect(refusalOf(await call([...args, '--labels', 'names.txt', '--json'], 'there'))).toMatch(
      /holds results with another labels; /,
    );
  });
});

describe('what cannot be measured', () => {
  let data = '';
  beforeEach(() => {
    data = join(cwd, 'data');
    cpSync(set, data, { recursive: true });
  });
  const index = (...items: unknown[]): void => {
    writeFileSync(join(data, 'index.json'), JSON.stringify({ items }));
  };

  test('is named, left out and counted; the rest is measured', async () => {
    await scene(data, 'wide', SIZE + 8);
    writeFileSync(join(data, 'broken.png'), 'no picture');
    index(
      item('a'),
      item('b', 1, 'wide.mask.png'),
      item('gone'),
      item('c', 'unicorn'),
      item('broken', 1, 'a.mask.png'),
      item('d', 99),
    );
    const { status, stdout, stderr } = await call(methods, data);
    expect(status).toBe(1);
    const complaints = stderr.trimEnd().split('\n').map(sentenceOf);
    expect(complaints).toEqual([
      'b.png is left out: its mask has 80x80 pixels and the picture 72x72.',
      'gone.png is left out: index.json names gone.png, which is not there.',
      expect.stringMatching(/^c\.png is left out: No class is called "unicorn"/),
      expect.stringMatching(/^broken\.png is left out: .*broken\.png/),
      expect.stringMatching(/^d\.png is left out: There is no class 99/),
    ]);
    expect(stdout).toContain('vit_scenes_patch8_72 on 1 pictures (index.json), 5 left out');
    const { skipped } = JSON.parse(out('table.json')) as { skipped: { picture: string }[] };
    expect(skipped.map(({ picture }) => picture)).toEqual([
      'b.png',
      'gone.png',
      'c.png',
      'broken.png',
      'd.png',
    ]);
  });

  test('if none is left, it is one sentence, and nothing is written', async () => {
    index(item('gone'), item('c', 'unicorn'));
    const { status, stderr } = await call(methods, data);
    expect(status).toBe(2);
    const lines = stderr.trimEnd().split('\n');
    expect(sentenceOf(lines[lines.length - 1])).toMatch(
      /^None of 2 pictures in data can be measured; gone\.png: /,
    );
    expect(existsSync(join(cwd, 'evaluation'))).toBe(false);
  });

  test('results of another evaluation are not gone on with, unless they may be replaced', async () => {
    await call(methods);
    const other = ['--method', 'rollout'];
    expect(refusalOf(await call([...other, '--json']))).toBe(
      'evaluation/results.jsonl holds results with another methods; choose another folder with --out DIR, or begin anew with --force.',
    );
    expect((await call([...other, '--force'])).status).toBe(0);
    expect(out('table.csv')).not.toContain('recommended');
    writeFileSync(join(cwd, 'evaluation', 'results.jsonl'), 'my notes\n');
    expect(refusalOf(await call([...other, '--json']))).toContain('is no file of results of this command');
  });

  test.each(files.slice(1))('a person has a file %s, and no results beside it', async (name) => {
    mkdirSync(join(cwd, 'evaluation'));
    writeFileSync(join(cwd, 'evaluation', name), 'mine');
    const args = ['--method', 'rollout', '--only', '^a', '--json'];
    expect(refusalOf(await call(args))).toBe(
      `The table would replace evaluation/${name}, beside which there are no results of this command; ` +
        'choose another folder with --out DIR, or allow it with --force.',
    );
    expect(out(name)).toBe('mine');
    expect(existsSync(join(cwd, 'evaluation', 'results.jsonl'))).toBe(false);
    expect((await call([...args, '--force'])).status).toBe(0);
    expect(out(name)).not.toBe('mine');
  });

  test('results that cannot be read are not taken for none', async () => {
    mkdirSync(join(cwd, 'evaluation', 'results.jsonl'), { recursive: true });
    expect(refusalOf(await call(['--json']))).toMatch(
      /^Cannot read .*results\.jsonl: it is a folder, not a file\.$/,
    );
  });

  test('a folder that cannot hold results is told of before a device is opened', async () => {
    writeFileSync(join(cwd, 'file'), '');
    const device = ['--device', 'webgpu', '--adapter', 'no such adapter', '--out', 'file', '--json'];
    expect(
      refusalOf(await vitrine(['evaluate', '--data', set, ...model.slice(0, 2), ...device], { cwd })),
    ).toMatch(/cannot hold the results: there is a file in its place/);
  });

  test.each([
    [['--measure', 'energi'], /^There is no measure "energi"; choose from: /],
    [
      ['--method', 'logit-lens'],
      /^logit-lens gives several maps to look at, and no single one to measure; leave it out\.$/,
    ],
    [['--target', 'norm'], /^--target does not know "norm"; of a class choose from: logit, logprob\.$/],
    [['--fit', 'half'], /^--fit does not know "half"; choose one of: model, whole\.$/],
    [['--only', '('], /^--only "\(" is no regular expression; /],
    [['--only', 'xyz'], /^--only "xyz" fits none of 4 pictures; they are called as "a\.png" is\.$/],
  ])('%j is refused', async (args, message) => {
    expect(refusalOf(await call([...args, '--json']))).toMatch(message);
  });

  test('no folder, and one without pictures', async () => {
    expect(refusalOf(await call([], join(cwd, 'none')))).toMatch(
      /^There is no folder .*none; give one with pictures/,
    );
    mkdirSync(join(cwd, 'empty'));
    expect(refusalOf(await call([], join(cwd, 'empty')))).toMatch(/holds no picture; give one that does/);
  });
});
