import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markIn } from '../../src/cli/marks.js';
import { demoModel, type ExplanationDocument } from '../../src/index.js';
import type { PageData } from '../../src/report/html/page-data.js';
import { packageFolder, refusalOf, vitrine, type Outcome } from './command.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-html-'));
  for (const name of ['scene.png', 'street.png']) {
    await cp(join(packageFolder, 'examples', name), join(folder, name));
  }
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

function explain(...args: readonly string[]): Promise<Outcome> {
  const model = ['--model', demoModel.name, '--device', 'native', '--out', 'out'];
  return vitrine(['explain', ...model, ...args], { cwd: folder });
}

const pageOf = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');

function dataIn(page: string, id: string): unknown {
  const [, text] = new RegExp(`<script type="application/json" id="${id}">(.*?)</script>`, 's').exec(page)!;
  return JSON.parse(text) as unknown;
}

test('one picture is one page, whose maps are those of the document beside the panel', async () => {
  const { status, stdout, stderr } = await explain('scene.png', '--html', 'page.html');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('\n  page: page.html\n');
  const page = await pageOf('page.html');
  const stored = join(folder, 'out', `scene.${demoModel.name}.panel.json`);
  const document = JSON.parse(await readFile(stored, 'utf8')) as ExplanationDocument;
  const told = dataIn(page, 'explanation') as ExplanationDocument;
  expect(told.explanations.map(({ values }) => values)).toEqual(
    document.explanations.map(({ values }) => values),
  );
  expect(told.image.path).toBe('scene.png');
  expect(page).not.toContain(folder);
  expect((dataIn(page, 'page-data') as PageData).attention).toMatchObject({
    form: 'heads',
    depth: demoModel.config.depth,
  });
  // The same call made again replaces its own.
  expect((await explain('scene.png', '--html', 'page.html', '--json')).status).toBe(0);
  expect(await markIn(join(folder, 'page.html'))).toMatch(/^vitrine, subject [0-9a-f]{32}$/);
});

test('of strips and of what was taken out, every map is in the page', async () => {
  const { status } = await explain(
    'scene.png',
    '--html',
    'a.html',
    '--strip',
    'layers',
    '--ablate',
    'blocks.2.mlp',
  );
  expect(status).toBe(0);
  const { maps } = dataIn(await pageOf('a.html'), 'page-data') as PageData;
  expect(maps).toHaveLength(3 * demoModel.config.depth);
  expect(new Set(maps.map(({ part }) => part))).toEqual(new Set(['values', 'ablated', 'difference']));
});

test('several pictures are an index that leads to their pages, of those that could be explained', async () => {
  await writeFile(join(folder, 'broken.png'), 'no picture');
  const { status, stdout } = await explain('scene.png', 'broken.png', 'street.png', '--html', 'all.html');
  expect(status).toBe(1);
  expect(stdout).toContain('\n  page: all.scene.html\n');
  expect(stdout).toMatch(/\nindex: all\.html\n$/);
  const index = await pageOf('all.html');
  expect([...index.matchAll(/<h2><a href="([^"]*)">/g)].map(([, address]) => address)).toEqual([
    'all.scene.html',
    'all.street.html',
  ]);
  const written = (await readdir(folder)).filter((name) => name.endsWith('.html')).sort();
  expect(written).toEqual(['all.html', 'all.scene.html', 'all.street.html']);
});

test('what cannot be a page is refused before the work, and nothing is written', async () => {
  const before = await readdir(folder);
  const refused = async (...args: readonly string[]): Promise<string> => {
    const refusal = refusalOf(await explain('scene.png', ...args));
    expect(await readdir(folder)).toEqual(before);
    return refusal.replaceAll(folder, '');
  };
  expect(await refused('--html', 'page')).toBe(
    '--html is "page", which a browser would not take for a page; give a name that ends in .html.',
  );
  expect(await refused('--html', '')).toMatch(/^--html is empty/);
  expect(await refused('--html', 'nowhere/page.html')).toBe(
    'Cannot write /nowhere/page.html: its folder does not exist; create the folder or choose another path.',
  );
  expect(await refused('--html', 'scene.png/page.html')).toMatch(/a part of the path is a file/);
  expect(await refused('--html', 'page.html', '--frames', 'all')).toBe(
    '--html is of single pictures; leave it out with --frames.',
  );
});

test('what is not of vitrine, or of another picture, is not replaced', async () => {
  await writeFile(join(folder, 'page.html'), '<p>by somebody');
  const { length } = await readdir(folder);
  expect(refusalOf(await explain('scene.png', '--html', 'page.html'))).toBe(
    'A result would replace page.html, which vitrine did not write; choose another name with --html FILE, or allow it with --force.',
  );
  expect(await readdir(folder)).toHaveLength(length);
  expect((await explain('scene.png', '--html', 'page.html', '--force')).status).toBe(0);
  expect(refusalOf(await explain('street.png', '--html', 'page.html'))).toMatch(
    /page\.html, which is of another picture or other weights; choose another name with --html FILE/,
  );
});
