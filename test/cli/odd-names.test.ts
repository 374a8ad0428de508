import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoModel, type ExplanationDocument } from '../../src/index.js';
import { makePng } from '../image/png-bytes.js';
import { packageFolder, packageJson, refusalOf, run, sentenceOf, type Outcome } from './command.js';

let folder: string;
const png = makePng({ depth: 8, color: 2, width: 1, rows: [[0, 255, 0, 0]] });
/** A path below the folder, with letters of Latin-1 as the bytes that they are there. */
const raw = (path: string): Buffer => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path, 'latin1')]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-names-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/**
 * The command under a shell, which hands bytes over as they are.
 * @param args in the shell's words; `$(printf …)` makes any byte
 */
function explain(args: string, cwd = ''): Promise<Outcome> {
  return command(`explain --model ${demoModel.name} --device native ${args}`, cwd);
}

function command(args: string, cwd = ''): Promise<Outcome> {
  const main = join(packageFolder, packageJson.bin.vitrine);
  return run('/bin/sh', ['-c', `cd "./${cwd}" && exec '${process.execPath}' '${main}' ${args}`], {
    cwd: folder,
  });
}

/** The line of a shell that makes a name with such letters as bytes. */
const bytes = (name: string): string => {
  const octal = Array.from(Buffer.from(name, 'latin1'), (byte) => `\\${byte.toString(8).padStart(3, '0')}`);
  return `$(printf '${octal.join('')}')`;
};

const result = (stem: string, ending: string): string => `${stem}.${demoModel.name}.panel.${ending}`;

// Other systems keep names in UTF-8 or UTF-16 and take no others.
(process.platform === 'linux' ? describe : describe.skip)('a name that is not UTF-8', () => {
  beforeAll(async () => {
    for (const name of ['Bär.png', 'Mär.png', 'Mör.png']) await writeFile(raw(name), png);
    await mkdir(raw('dü'));
    await writeFile(raw('dü/in.png'), png);
  });

  test('is found, and its results have names that are', async () => {
    const { status, stdout, stderr } = await explain(`--out found --json "${bytes('Bär.png')}"`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { image, explanations } = JSON.parse(stdout) as ExplanationDocument;
    expect(image).toEqual({ path: join(folder, 'B%E4r.png'), width: 1, height: 1 });
    expect(explanations[0].file).toBe(join(folder, 'found', result('B%E4r', 'png')));
    const files = [result('B%E4r', 'json'), result('B%E4r', 'png')];
    expect((await readdir(join(folder, 'found'))).sort()).toEqual(files);
    expect((await explain(`--out found "${bytes('Bär.png')}"`)).stdout).toContain('\nB%E4r.png (1 x 1)\n');
  });

  test('that was lost between two of them stands for neither, and the sentence says what to do', async () => {
    const { status, stderr } = await explain(`--out two "${bytes('Mär.png')}"`);
    expect(status).toBe(2);
    expect(sentenceOf(stderr)).toBe(
      `A name that is not UTF-8 stands for 2 files, ${join(folder, 'M%E4r.png')} and ${join(folder, 'M%F6r.png')}: ` +
        'rename them, or give one as --image - < FILE.',
    );
    const poured = await explain(`--out two --image - < "${bytes('Mär.png')}"`);
    expect(poured).toMatchObject({ status: 0, stderr: '' });
  });

  test('that is not there is said to be so', async () => {
    const { status, stderr } = await explain(`--out none "${bytes('Xär.png')}"`);
    expect(status).toBe(2);
    expect(sentenceOf(stderr)).toMatch(/^There is no file .*X\uFFFDr\.png: check the path of the picture\.$/);
  });

  test('of a folder leads to its pictures, but results go to no other of that look', async () => {
    const before = await readdir(folder);
    for (const [args, cwd] of [[`"${bytes('dü')}/in.png"`, ''], ['in.png', bytes('dü')]] as const) {
      const { status, stdout, stderr } = await explain(`${args} --out "${folder}/by-folder" --json`, cwd);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect((JSON.parse(stdout) as ExplanationDocument).image.path).toBe(join(folder, 'd%FC', 'in.png'));
    }
    for (const [args, cwd] of [['in.png', bytes('dü')], [`"${bytes('Bär.png')}" --out "${bytes('nü')}"`, '']] as const) {
      expect(refusalOf(await explain(args, cwd))).toMatch(
        /^The path of --out, .*, is not UTF-8; give one that is, and from the root if the current directory is not\.$/,
      );
    }
    expect(refusalOf(await explain(`x.png --weights "${bytes('wä.safetensors')}"`))).toMatch(/^The path of --weights, /);
    const config = join(packageFolder, 'recipes', 'scenes', 'config.json');
    for (const [option, others] of [['config', ''], ['out', `--config '${config}'`]] as const) {
      expect(refusalOf(await command(`train ${others} --${option} "${bytes('cö')}"`))).toMatch(
        new RegExp(`^The path of --${option}, .*, is not UTF-8; give one that is`),
      );
      expect(refusalOf(await command(`train ${others} --${option} ''`))).toBe(
        `--${option} is empty, as from a shell variable that is not set; give a value.`,
      );
    }
    expect((await readdir(folder)).sort()).toEqual([...before, 'by-folder'].sort());
    expect(await readdir(raw('dü'))).toEqual(['in.png']);
  }); // prettier-ignore
});

describe('a name that would steer the terminal', () => {
  const name = '\u001b[31mred\nb\u009b.png';
  const shown = '%1B[31mred%0Ab%C2%9B';
  /** The bytes that it takes, as `bytes` has them. */
  const typed = bytes(Buffer.from(name).toString('latin1'));
  // Line breaks of the output are its own.
  const steering = /[\p{Cc}\p{Bidi_Control}]/u;
  const isHarmless = (text: string): boolean => !steering.test(text.replaceAll('\n', ''));

  test('is printed without doing so, and its results do not have it', async () => {
    await writeFile(join(folder, name), png);
    const plain = await explain(`--out steered "${typed}"`);
    expect(plain).toMatchObject({ status: 0, stderr: '' });
    expect(plain.stdout).toContain(`\n${shown}.png (1 x 1)\n`);
    expect(isHarmless(plain.stdout)).toBe(true);
    const files = await readdir(join(folder, 'steered'));
    expect(files.sort()).toEqual([result(shown, 'json'), result(shown, 'png')]);
    const { stdout } = await explain(`--out steered --json "${typed}"`);
    const stored = await readFile(join(folder, 'steered', result(shown, 'json')), 'utf8');
    for (const text of [stdout, stored]) {
      expect(isHarmless(text)).toBe(true);
      expect((JSON.parse(text) as ExplanationDocument).image.path).toBe(join(folder, name));
    }
  });

  test.each([
    ['a picture', (text: string) => `"no ${text}"`, /^There is no file .*no %1B\[31mred%0Ab%C2%9B\.png: check/],
    ['an option', (text: string) => `"--${text}"`, /^unknown option '--%1B\[31mred/],
    ['a checkpoint', (text: string) => `x.png --weights "no ${text}"`, /^Cannot read the weights file .*no %1B\[31mred/],
    ['a method', (text: string) => `x.png --method "${text}"`, /no method "\\u001b\[31mred\\nb%C2%9B\.png"; choose/],
  ])('is harmless in the refusal of %s', async (_what, args, sentence) => {
    const { status, stderr } = await explain(args(typed));
    expect(status).toBe(2);
    expect(sentenceOf(stderr)).toMatch(sentence);
    expect(isHarmless(stderr)).toBe(true);
  }); // prettier-ignore
});
