import { afterAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoModel, type CocoDocument, type ExplanationDocument } from '../../src/index.js';
import { packageFolder, refusalOf, vitrine, type Outcome } from './command.js';

const cwd = mkdtempSync(join(tmpdir(), 'vitrine-objects-'));
afterAll(() => {
  rmSync(cwd, { recursive: true });
});

const picture = (name: string): string => join(packageFolder, 'examples', `${name}.png`);

function explain(...args: readonly string[]): Promise<Outcome> {
  return vitrine(['explain', '--model', demoModel.name, '--device', 'native', '--objects', ...args], { cwd });
}

function cocoOf(folder: string, stem: string): CocoDocument {
  return JSON.parse(readFileSync(join(cwd, folder, `${stem}.coco.json`), 'utf8')) as CocoDocument;
}

/** The pixels of run lengths, read a character at a time. */
function decoded({
  size: [height, width],
  counts,
}: CocoDocument['annotations'][number]['segmentation']): Uint8Array {
  const lengths: number[] = [];
  for (let at = 0; at < counts.length;) {
    let [value, shift] = [0, 0];
    let bits: number;
    do {
      bits = counts.charCodeAt(at++) - 48;
      value |= (bits & 31) << shift;
      shift += 5;
    } while (bits & 32);
    if (bits & 16) value |= -1 << shift;
    lengths.push(lengths.length > 2 ? value + lengths[lengths.length - 2] : value);
  }
  const mask = new Uint8Array(width * height);
  let next = 0;
  lengths.forEach((length, i) => {
    mask.fill(i % 2, next, next + length);
    next += length;
  });
  expect(next).toBe(width * height);
  return mask;
}

describe('explain --objects', () => {
  test('finds the dog and the cat, says where and by which threshold, and writes what COCO reads', async () => {
    const { status, stdout, stderr } = await explain(picture('scene'), '--out', 'a');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(
      stdout.match(/^ {4}an object: what rises at least twice as high as the map does on average$/gm),
    ).toHaveLength(2);
    expect(stdout).toMatch(/^ {6}score 0\.\d\d: \d+ x \d+ pixels at \d+, \d+$/m);
    const stem = `scene.${demoModel.name}.objects`;
    expect(readdirSync(join(cwd, 'a')).sort()).toEqual([`${stem}.coco.json`, `${stem}.json`, `${stem}.png`]);
    const { images, annotations, categories } = cocoOf('a', stem);
    expect(images).toEqual([{ id: 1, file_name: 'scene.png', width: 432, height: 432 }]);
    expect(categories).toEqual([
      { id: 0, name: 'dog', supercategory: '' },
      { id: 1, name: 'cat', supercategory: '' },
    ]);
    const document = JSON.parse(readFileSync(join(cwd, 'a', `${stem}.json`), 'utf8')) as ExplanationDocument;
    const told = document.explanations.flatMap(({ class: index, objects }) =>
      objects!.found.map((object) => ({ class: index, ...object })),
    );
    expect(annotations.map(({ id, image_id, iscrowd }) => [id, image_id, iscrowd])).toEqual([[1, 1, 0], [2, 1, 0]]); // prettier-ignore
    expect(
      annotations.map(({ category_id, bbox, area, score }) => ({
        class: category_id,
        box: bbox,
        area,
        score,
      })),
    ).toEqual(told);
    for (const {
      bbox: [left, top, width, height],
      area,
      segmentation,
    } of annotations) {
      const mask = decoded(segmentation);
      const inside = [...mask.keys()].filter((pixel) => mask[pixel] === 1);
      expect(inside).toHaveLength(area);
      const [xs, ys] = [inside.map((pixel) => pixel % 432), inside.map((pixel) => Math.floor(pixel / 432))].map((all) => [Math.min(...all), Math.max(...all) + 1]); // prettier-ignore
      // Run lengths go down the columns.
      expect([xs, ys]).toEqual([[top, top + height], [left, left + width]]); // prettier-ignore
    }
    // The dog sits on the right, the cat on the left.
    const [dog, cat] = annotations.map(({ bbox: [x, y, width, height] }) => [x + width / 2, y + height / 2]);
    expect(dog[0]).toBeGreaterThan(216);
    expect(cat[0]).toBeLessThan(216);
    expect(annotations[0].score).toBeCloseTo(document.predictions[0].probability, 10);
  });

  test('numbers the pictures of a call, and what explains no class comes after the last one', async () => {
    const options = ['--method', 'rollout,recommended', '--threshold', '0.3', '--out', 'b'];
    const { status } = await explain(picture('scene'), picture('street'), ...options);
    expect(status).toBe(0);
    const stem = `street.${demoModel.name}.objects.threshold-0.3.rollout.recommended`;
    const { images, annotations, categories } = cocoOf('b', stem);
    expect(images[0].id).toBe(2);
    expect(categories[0]).toEqual({ id: 16, name: 'object', supercategory: '' });
    expect(annotations[0]).toMatchObject({
      id: 1_000_001,
      image_id: 2,
      category_id: 16,
      method: 'rollout',
      score: 1,
    });
    expect(new Set(annotations.map(({ id }) => id)).size).toBe(annotations.length);
  });

  test('another picture of the same name is in the way of the boxes, too', async () => {
    expect((await explain(picture('scene'), '--out', 'c')).status).toBe(0);
    const stem = join(cwd, 'c', `scene.${demoModel.name}.objects`);
    rmSync(`${stem}.png`);
    rmSync(`${stem}.json`);
    const other = join(cwd, 'scene.png');
    (await import('node:fs')).copyFileSync(picture('street'), other);
    expect(refusalOf(await explain(other, '--out', 'c'))).toContain('coco.json');
    expect((await explain(picture('scene'), '--out', 'c')).status).toBe(0);
  });

  test.each([
    [
      ['--threshold', 'much'],
      /^The threshold is "much"; give a share from 0 to below 1, such as 0\.2, or mean or otsu\.$/,
    ],
    [['--threshold', '1.5'], /^The threshold is 1\.5; give a share/],
    [['--threshold', ''], /^The threshold is ""; give a share/],
    [['--panel'], /^--panel and --objects show the maps in two ways; give one of them\.$/],
    [
      ['--method', 'attention'],
      /^attention makes several maps, and --objects takes methods of one; leave it out\.$/,
    ],
    [
      ['--colormap', 'jet'],
      /^--colormap is for maps that are drawn as colours; leave it out with --objects\.$/,
    ],
    [
      ['--ablate', 'blocks.1.mlp'],
      /^--ablate is for maps that are drawn as colours; leave it out with --objects\.$/,
    ],
    [['--frames', 'all'], /^--objects is of single pictures; leave it out with --frames\.$/],
  ])('%j is refused', async (args, words) => {
    expect(refusalOf(await explain(picture('scene'), ...args, '--out', 'd'))).toMatch(words);
    expect(readdirSync(cwd)).not.toContain('d');
  });

  test('a threshold without --objects is refused', async () => {
    const asked = [
      'explain',
      picture('scene'),
      '--model',
      demoModel.name,
      '--threshold',
      '0.3',
      '--out',
      'd',
    ];
    expect(refusalOf(await vitrine(asked, { cwd }))).toBe(
      '--threshold says what of a map is an object; give it with --objects.',
    );
  });
});
