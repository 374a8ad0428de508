import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { markIn } from '../../src/cli/marks.js';
import { demoModel, type ExplanationDocument } from '../../src/index.js';
import { readPicture } from '../../src/node/index.js';
import { packageFolder, refusalOf, vitrine, type Outcome } from './command.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-series-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const scene = join(packageFolder, 'examples', 'scene.png');

function explain(...args: readonly string[]): Promise<Outcome> {
  return vitrine(
    ['explain', scene, '--model', demoModel.name, '--device', 'native', '--out', 'out', ...args],
    {
      cwd: folder,
    },
  );
}

/** The document of a call that writes one, which it prints too. */
async function documentOf(...args: readonly string[]): Promise<ExplanationDocument> {
  const { status, stdout, stderr } = await explain(...args, '--json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as ExplanationDocument;
}

/** What is called so, of the scene. */
const named = (name: string): string => join(folder, 'out', `scene.${demoModel.name}.${name}`);

const { depth, heads } = demoModel.config;

describe('a strip', () => {
  test('of layers is one picture and one document of the method at each', async () => {
    const { explanations } = await documentOf('--strip', 'layers');
    const fused = { heads: 'fused', headFusion: 'mean' };
    expect(explanations.map(({ method, options }) => [method, options])).toEqual(
      Array.from({ length: depth }, (_, block) => ['attention', { ...fused, block }]),
    );
    const file = named('attention.strip-layers.png');
    expect(new Set(explanations.map((each) => each.file))).toEqual(new Set([file]));
    // All six in a row.
    const { width, height } = await readPicture(file);
    expect(width).toBeGreaterThan(3 * height);
    const stored = JSON.parse(await readFile(file.replace('.png', '.json'), 'utf8')) as ExplanationDocument;
    expect(stored.explanations).toEqual(explanations);
  });

  test('of layers and heads has as many maps as there are heads, and its scale in its name', async () => {
    const { explanations } = await documentOf(
      '--strip',
      'all',
      '--scale',
      'row',
      '--method',
      'attention-from',
      '--patch',
      '1,2',
    );
    expect(explanations.map(({ maps, options }) => [maps, options['block']])).toEqual(
      Array.from({ length: depth }, (_, block) => [heads, block]),
    );
    expect((await readdir(join(folder, 'out'))).sort()).toEqual([
      `scene.${demoModel.name}.attention-from.strip-all.scale-row.patch-1-2.json`,
      `scene.${demoModel.name}.attention-from.strip-all.scale-row.patch-1-2.png`,
    ]);
  });
});

describe('a sweep', () => {
  test('is a picture for each method and class, its maps those of the option alone', async () => {
    const call = ['--method', 'gradient-rollout', '--class', '0,1'];
    const { explanations } = await documentOf(...call, '--sweep', 'discard-ratio=0:0.8:0.4');
    expect(explanations.map(({ class: index, options }) => [index, options['discardRatio']])).toEqual(
      [0, 0.4, 0.8].flatMap((ratio) => [[0, ratio], [1, ratio]]), // prettier-ignore
    );
    const files = (await readdir(join(folder, 'out'))).sort();
    expect(files).toEqual(
      [0, 1].flatMap((index) =>
        ['json', 'png'].map(
          (ending) =>
            `scene.${demoModel.name}.gradient-rollout.sweep-discard-ratio-0~0.8~0.4.${index}.${ending}`,
        ),
      ),
    );
    const ofCat = JSON.parse(await readFile(join(folder, 'out', files[2]), 'utf8')) as ExplanationDocument;
    expect(ofCat.explanations.map(({ class: index }) => index)).toEqual([1, 1, 1]);
    const alone = await documentOf(...call, '--discard-ratio', '0.4');
    expect(alone.explanations.map(({ values }) => values)).toEqual([2, 3].map((i) => explanations[i].values));
  });

  test('of other values is another file, also where the text differs by its signs alone, and a long one is cut', async () => {
    const ofSteps = await documentOf('--sweep', 'discard-ratio=0:0.9:0.1');
    const ofList = await documentOf('--sweep', ' --discard-ratio = 0, 0.9,0.1');
    expect([ofSteps, ofList].map(({ explanations }) => explanations.length)).toEqual([10, 3]);
    const many = Array.from({ length: 60 }, (_, i) => `0.${1000 + i}`);
    await documentOf('--sweep', `discard-ratio=${many.join(',')}`);
    await documentOf('--sweep', `discard-ratio=${[...many.slice(0, -1), '0.9'].join(',')}`);
    const drawn = (await readdir(join(folder, 'out'))).filter((name) => name.endsWith('.png'));
    const [short, long] = [
      drawn.filter((name) => name.length < 90),
      drawn.filter((name) => name.length >= 90),
    ];
    expect(short.sort()).toEqual(
      ['0+0.9+0.1', '0~0.9~0.1'].map((values) => `scene.${demoModel.name}.rollout.sweep-discard-ratio-${values}.png`),
    );
    expect(long).toHaveLength(2);
    for (const name of long) expect(name).toMatch(/\.sweep-discard-ratio-0\.1000\+0\.1001\+.*-[0-9a-f]{8}\.png$/);
  }); // prettier-ignore

  test.each(['gif', 'webp'])('moves as %s, a frame for each value, which the next call replaces and no other', async (format) => {
    const call = ['--sweep', 'head-fusion=mean,max,min', '--animation', format];
    const { status, stdout, stderr } = await explain(...call);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const file = `${named('rollout.sweep-head-fusion-mean+max+min')}.${format}`;
    expect(stdout).toContain(`    moving: ${join('out', `scene.${demoModel.name}.rollout.sweep-head-fusion-mean+max+min.${format}`)}\n`);
    const bytes = await readFile(file);
    const { pages, delay, loop } = await sharp(bytes, { animated: true }).metadata();
    expect({ pages, delay, loop }).toEqual({ pages: 3, delay: [400, 400, 400], loop: 0 });
    const frames = await Promise.all([0, 1, 2].map((page) => sharp(bytes, { page }).removeAlpha().raw().toBuffer()));
    expect(frames[0].equals(frames[1]) || frames[1].equals(frames[2])).toBe(false);
    // It is known by the document beside it.
    expect(await markIn(file)).toMatch(/^vitrine, subject /);
    await documentOf(...call);
    await rm(file.replace(/\w+$/, 'json'));
    await writeFile(file, 'precious');
    expect(refusalOf(await explain(...call))).toMatch(/which vitrine did not write; choose another folder/);
    expect(await readFile(file, 'utf8')).toBe('precious');
  }); // prettier-ignore
});

test.each([
  [['--sweep', 'discard-ratio=0:0.9'], /has no steps; give the first value, the last and the step/],
  [['--sweep', 'head-fusion=mean,sum'], /^--head-fusion is "sum"; choose one of: mean, max, min\.$/],
  [['--sweep', 'variant=signed,relu-of-mean'], /^rollout has no option --variant to go through; choose one that has: gradient-rollout\.$/],
  [['--strip', 'rows'], /^--strip does not know "rows"; choose one of: layers, heads, all\.$/],
  [['--strip', 'heads', '--method', 'rollout'], /^rollout has no option heads to go through;/],
  [['--strip', 'layers', '--block', '2'], /^A strip of layers goes through every block; leave --block out\.$/],
  [['--strip', 'layers', '--panel'], /^--panel and --strip show the maps in two ways; give one of them\.$/],
  [['--strip', 'layers', '--scale', 'column'], /^--scale does not know "column"; choose one of: map, row, all\.$/],
  [['--scale', 'all'], /^--scale is for maps that are compared; give it with --strip or --sweep\.$/],
  [['--animation', 'gif'], /^--animation is for maps that are compared;/],
  [['--strip', 'layers', '--animation', 'mp4'], /^--animation does not know "mp4"; choose one of: gif, webp\.$/],
])('%j is refused before anything is written', async (args, message) => {
  expect(refusalOf(await explain(...args))).toMatch(message);
  expect(await readdir(folder)).toEqual([]);
}); // prettier-ignore

describe('the help', () => {
  test('of explain has examples first, and its options in groups, without those of single methods', async () => {
    const { status, stdout } = await vitrine(['explain', '--help'], { cwd: folder });
    expect(status).toBe(0);
    const titles = [
      'Examples:',
      'Usage:',
      'What to look at:',
      'How to show it:',
      'How to compute it:',
      'Where to write:',
    ];
    const places = titles.map((title) => stdout.indexOf(title));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(stdout).toContain('--head-fusion');
    expect(stdout).not.toContain('--form');
    expect(stdout.split('\n').length).toBeLessThan(110);
  });

  test('of a method is what its page says, its options, and its source', async () => {
    const { stdout } = await vitrine(['methods', 'gradient-rollout'], { cwd: folder });
    expect(stdout).toMatch(
      /^gradient-rollout: a class, by rollout of attention times gradient\n\nRollout in which every/,
    );
    expect(stdout).toContain('\nOptions:\n');
    expect(stdout).toContain('  --variant relu-of-mean|mean-of-relu|grad-times-fused|signed\n');
    expect(stdout).toMatch(
      /\nSource: Gildenblat 2020, “Exploring Explainability for Vision Transformers”,\nhttps:/,
    );
    expect(stdout).toContain('--method libra-gradient-rollout\n');
    expect(stdout).not.toMatch(/\]\(|`/);
    // Of a method under other rules, or over noisy copies, that of the method itself, and its own options.
    const smooth = await vitrine(['methods', 'smooth-libra-ixg'], { cwd: folder });
    expect(smooth.stdout).toContain('What each token that enters a block counts in the score.');
    expect(smooth.stdout).toContain('  --samples N\n');
    const signed = await vitrine(['methods', 'signed'], { cwd: folder });
    expect(signed.stdout).toContain(
      'Rollout in which every attention is weighted by what it did for the class',
    );
    const all = await vitrine(['methods'], { cwd: folder });
    expect(all.stdout).toMatch(/^attcat +a class, by the attended tokens of all blocks\n/);
    expect(refusalOf(await vitrine(['methods', 'lime'], { cwd: folder }))).toMatch(
      /^There is no method "lime"; choose/,
    );
  });
});
