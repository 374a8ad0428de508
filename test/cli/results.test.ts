import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Request } from '../../src/cli/explain-options.js';
import { overlays } from '../../src/cli/figures.js';
import { marked, markIn, markOf } from '../../src/cli/marks.js';
import { sourcesOf } from '../../src/cli/picture-sources.js';
import { Results } from '../../src/cli/results.js';
import { chooseMethods, demoModel, rollout, type ExplanationDocument } from '../../src/index.js';
import { encodePng, readPicture } from '../../src/node/index.js';
import { makePng } from '../image/png-bytes.js';
import { encodeSafetensors } from '../support/checkpoints.js';
import { packageFolder, refusalOf, vitrine, type Outcome } from './command.js';

let folder: string;
let red: Buffer;
let blue: Buffer;

beforeAll(() => {
  const of = (...color: number[]): Buffer => makePng({ depth: 8, color: 2, width: 1, rows: [[0, ...color]] });
  [red, blue] = [of(255, 0, 0), of(0, 0, 255)];
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-results-'));
  await writeFile(join(folder, 'dot.png'), red);
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const always = ['--model', demoModel.name, '--device', 'native', '--out', 'out'];

/** By rollout, unless a method is named. */
function explain(...args: readonly string[]): Promise<Outcome> {
  const method = args.includes('--method') ? [] : ['--method', 'rollout'];
  return vitrine(['explain', ...args, ...method, ...always], { cwd: folder });
}

async function explained(...args: readonly string[]): Promise<void> {
  const { status, stderr } = await explain(...args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
}

/** All files of the folder for results, by name. */
async function results(): Promise<Record<string, string>> {
  const names = (await readdir(join(folder, 'out'))).sort();
  const contents = names.map(async (name) => [name, await readFile(join(folder, 'out', name), 'latin1')]);
  return Object.fromEntries(await Promise.all(contents)) as Record<string, string>;
}

/** What is called so, of the picture `dot.png`. */
const dot = (name: string): string => `dot.${demoModel.name}.${name}`;

describe('results', () => {
  test('of different options lie side by side, each with its numbers', async () => {
    const calls = [
      ['rollout', []],
      ['rollout.max', ['--head-fusion', 'max']],
      ['rollout.max.discard-ratio-0.5', ['--head-fusion', 'max', '--discard-ratio', '0.5']],
      ['rollout.layers-0-2.viridis', ['--layers', '0-2', '--colormap', 'viridis']],
      ['chefer-iccv21.3', ['--method', 'chefer-iccv21', '--class', '3']],
    ] as const;
    for (const [, options] of calls) await explained('dot.png', ...options);
    const files = await results();
    expect(Object.keys(files)).toEqual(
      calls.flatMap(([name]) => [dot(`${name}.json`), dot(`${name}.png`)]).sort(),
    );
    const maps = calls.map(([name]) => {
      const { explanations } = JSON.parse(files[dot(`${name}.json`)]) as ExplanationDocument;
      expect(explanations.map(({ file }) => file)).toEqual([join(folder, 'out', dot(`${name}.png`))]);
      return JSON.stringify(explanations[0].values);
    });
    expect(new Set(maps).size).toBe(calls.length);
  });

  test('of the same call made again replace those before, also of a picture that changed', async () => {
    await explained('dot.png', '--method', 'rollout,gradient-rollout');
    const before = await results();
    await explained('dot.png', '--method', 'rollout,gradient-rollout');
    expect(Object.keys(await results())).toEqual(Object.keys(before));
    await writeFile(join(folder, 'dot.png'), blue);
    await explained('dot.png');
    const after = await results();
    expect(after[dot('rollout.png')]).not.toBe(before[dot('rollout.png')]);
    expect(after[dot('rollout.json')]).not.toBe(before[dot('rollout.json')]);
  });

  test.each(['png', 'json'])('a %s file that vitrine did not write stays, unless it is forced', async (ending) => {
    const name = dot(`rollout.${ending}`);
    await mkdir(join(folder, 'out'));
    for (const foreign of ['precious', '', red.toString('latin1'), '{ "generator": "other" }']) {
      await writeFile(join(folder, 'out', name), foreign, 'latin1');
      expect(refusalOf(await explain('dot.png'))).toBe(
        `A result would replace ${join('out', name)}, which vitrine did not write; ` +
          'choose another folder with --out DIR, or allow it with --force.',
      );
      expect(await results()).toEqual({ [name]: foreign });
    }
    await explained('dot.png', '--force');
    expect(Object.keys(await results())).toEqual([dot('rollout.json'), dot('rollout.png')]);
    expect((await results())[name]).toContain('vitrine, subject ');
    // What is replaced once is vitrine's own.
    await explained('dot.png');
  }); // prettier-ignore

  test('of another picture of that name, or of other weights, stay as well', async () => {
    await mkdir(join(folder, 'other'));
    await writeFile(join(folder, 'other', 'dot.png'), red);
    await explained('dot.png');
    const before = await results();
    expect(refusalOf(await explain('other/dot.png'))).toMatch(
      /^Results would replace 2 files, such as out.dot.*, which is of another picture or other weights; choose/,
    );
    const shipped = join(packageFolder, 'weights', `${demoModel.name}.safetensors`);
    for (const place of ['a', 'b']) {
      await mkdir(join(folder, place));
      await copyFile(shipped, join(folder, place, 'tuned.safetensors'));
    }
    await explained('dot.png', '--weights', 'a/tuned.safetensors');
    expect(refusalOf(await explain('dot.png', '--weights', 'b/tuned.safetensors'))).toMatch(
      /^Results would replace 2 files, .* of another picture or other weights;/,
    );
    const after = await results();
    expect(after).toMatchObject(before);
    expect(Object.keys(after)).toHaveLength(4);
    await explained('dot.png', '--weights', 'b/tuned.safetensors', '--force');
    expect(await results()).toMatchObject(before);
  });

  test("of a picture that is not there are in nobody's way: it is said that it is not there", async () => {
    await explained('dot.png');
    const { status, stderr } = await explain('other/dot.png');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^vitrine: There is no file .*other.dot\.png: check the path of the picture\.$/m);
  });

  test('that would replace something are refused before the work', async () => {
    await mkdir(join(folder, 'out'));
    await writeFile(join(folder, 'out', 'dot.none.gradient-rollout.7.json'), 'precious');
    // Weights that are not the model's would be noticed next.
    await writeFile(
      join(folder, 'none.safetensors'),
      encodeSafetensors([{ name: 'w', shape: [1], values: new Float32Array(1) }]),
    );
    const call = ['dot.png', '--weights', 'none.safetensors', '--method', 'gradient-rollout'];
    // The class is not known yet, so that it may be this one.
    expect(refusalOf(await explain(...call))).toMatch(
      /^A result would replace out.dot\.none.*7\.json, which/,
    );
    expect(refusalOf(await explain(...call, '--class', 'top3'))).toMatch(/^A result would replace /);
    expect(refusalOf(await explain(...call, '--class', '7'))).toMatch(/^A result would replace /);
    for (const harmless of [['--class', '5,7-5'], ['--class', '7', '--variant', 'signed'], ['--force']]) {
      expect((await explain(...call, ...harmless)).stderr).toMatch(
        /none\.safetensors" does not fit the model/,
      );
    }
  });

  test('never replace a picture that was given, not even if that is forced', async () => {
    await mkdir(join(folder, 'out'));
    await writeFile(join(folder, 'out', dot('rollout.png')), red);
    const pictures = ['dot.png', join('out', dot('rollout.png'))];
    const sentence = `A result would replace the picture ${pictures[1]}; choose another folder with --out DIR.`;
    expect(refusalOf(await explain(...pictures))).toBe(sentence);
    expect(refusalOf(await explain(...pictures, '--force'))).toBe(sentence);
    await symlink('out', join(folder, 'alias'));
    expect(refusalOf(await explain('dot.png', join('alias', dot('rollout.png')), '--force'))).toBe(sentence);
    expect((await results())[dot('rollout.png')]).toBe(red.toString('latin1'));
    await explained(...pictures, '--head-fusion', 'max');
  });

  test('whose names are links that lead nowhere do not take their place', async () => {
    await mkdir(join(folder, 'out'));
    await symlink(join(folder, 'nowhere'), join(folder, 'out', dot('rollout.json')));
    expect(refusalOf(await explain('dot.png'))).toMatch(/rollout\.json, which vitrine did not write;/);
    expect(await readdir(join(folder, 'out'))).toEqual([dot('rollout.json')]);
  });

  test('of pictures of one name, in one call or in two, do not mix', async () => {
    await mkdir(join(folder, 'other'));
    await writeFile(join(folder, 'other', 'dot.png'), blue);
    await explained('dot.png', 'other/dot.png');
    const before = await results();
    expect(Object.keys(before)).toHaveLength(4);
    const turned = await explain('other/dot.png', 'dot.png');
    expect(refusalOf(turned)).toMatch(/^Results would replace 4 files,/);
    expect(await results()).toEqual(before);
    await explained('dot.png', 'other/dot.png');
  });
});

test('what comes into the way while a picture is worked on is refused before it is written', async () => {
  const [source] = await sourcesOf([join(folder, 'dot.png')]);
  const options = {
    model: demoModel,
    weights: undefined,
    score: 'logit' as const,
    colormap: undefined,
    out: folder,
    force: false,
  };
  const results = new Results([source], options);
  const methods = chooseMethods([rollout], {}, demoModel.config);
  const request: Request = {
    methods,
    targets: [],
    score: 'logit',
    named: { methods: ['rollout'], classes: false },
    least: 0,
    saving: { maps: false, kinds: [], targets: [] },
    figure: overlays,
  };
  const names = overlays.expected(request, options);
  await results.refuseAtOnce(names);
  const files = results.filesOf(0, names[0]);
  expect(files).toEqual({
    stem: join(folder, dot('rollout')),
    tensors: join(folder, dot('rollout.safetensors')),
    drawn: join(folder, dot('rollout.png')),
    document: join(folder, dot('rollout.json')),
    table: join(folder, dot('rollout.csv')),
    array: join(folder, dot('rollout.npy')),
  });
  await writeFile(files.document, 'precious');
  await expect(results.refuseLate(0, [files.document])).rejects.toThrow(
    /rollout\.json, which vitrine did not write;/,
  );
  await expect(results.refuseAtOnce(names)).rejects.toThrow(/rollout\.json, which vitrine did not write;/);
  await writeFile(files.document, `{ "generator": "${results.markOf(0)}" }`);
  await results.refuseLate(0, [files.document]);
  await results.refuseAtOnce(names);
});

describe('a mark', () => {
  test('tells pictures and checkpoints apart, and no path', () => {
    const marks = [
      markOf('/a', undefined),
      markOf('/b', undefined),
      markOf('/a', '/b'),
      markOf('/b', '/a'),
      markOf('/a/b', undefined),
      markOf(Buffer.from([0x2f, 0xe4]), undefined),
      markOf('/\uFFFD', undefined),
    ];
    expect(new Set(marks).size).toBe(marks.length);
    for (const mark of marks) expect(mark).toMatch(/^vitrine, subject [0-9a-f]{32}$/);
    expect(markOf(Buffer.from('/a'), undefined)).toBe(marks[0]);
  });

  test('is in a PNG that every decoder takes, as what wrote it', async () => {
    const picture = { width: 2, height: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    const mark = markOf('/a', undefined);
    const png = marked(encodePng(picture), mark);
    const path = join(folder, 'marked.png');
    await writeFile(path, png);
    expect(await markIn(path)).toBe(mark);
    // This decoder compares checksums.
    expect(await readPicture(path)).toEqual(picture);
    expect((await sharp(png, { failOn: 'warning' }).metadata()).comments).toEqual([
      { keyword: 'Software', text: mark },
    ]);
    await writeFile(path, encodePng(picture));
    expect(await markIn(path)).toBeUndefined();
    expect(await markIn(join(folder, 'none'))).toBeUndefined();
    expect(await markIn(folder)).toBeUndefined();
  });
});
