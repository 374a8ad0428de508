import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import * as v from '../../src/index.js';
import { loadModel, readPicture, type LoadedModel } from '../../src/node/index.js';
import { initialize } from '../../src/train/index.js';
import { openChromium } from '../support/chromium.js';
import { expectedOf, expectSame, knownPicture, pngOf } from './expected.js';
import { servePage, type Served } from './served.js';
import { Visit } from './visit.js';

/*
 * Models and pictures that are not what is usual, and a device that is not there: on WebAssembly, which is quick.
 */

let [browser, served, folder] = [] as unknown as [Browser, Served, string];
const picture = knownPicture();

beforeAll(async () => {
  [browser, served, folder] = await Promise.all([
    openChromium({ flags: ['--disable-features=WebGPU'] }),
    servePage(),
    mkdtemp(join(tmpdir(), 'vitrine-page-models-')),
  ]);
});
afterAll(async () => {
  await browser.close();
  served.close();
  await rm(folder, { recursive: true });
});

/** A small model that says itself what it is. @returns the path of its file */
async function writeOwn(name: string, changes: Partial<v.VisionTransformerConfig>): Promise<string> {
  const model = new v.VisionTransformer({
    ...{ imageSize: 24, patchSize: 8, channels: 3, width: 24, depth: 2, heads: 3, hidden: 32, classes: 5 },
    ...{ layerNormEpsilon: 1e-6, ...changes },
  });
  initialize(model, { scheme: 'xavier', seed: 7 });
  const preprocessing: v.Preprocessing = {
    ...{ fit: 'crop', shortSide: 24, size: 24, interpolation: 'bicubic' },
    ...{ mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
  };
  const path = join(folder, `${name}.safetensors`);
  await writeFile(path, v.writeModel(model, { name, preprocessing }));
  return path;
}

async function openFile(visit: Visit, path: string): Promise<void> {
  await visit.click('button', /^Model/);
  await visit.page.getByLabel('A checkpoint').setInputFiles(path);
  await visit.settle();
}

test.each<Partial<v.VisionTransformerConfig>>([{ attention: 'hydra' }, { residuals: false }])(
  'of a model with %j it says which methods are undefined and why, and offers those that are not',
  async (changes) => {
    const path = await writeOwn('unusual', changes);
    const own = await loadModel({ name: path });
    const visit = await Visit.begin(browser, served, '#method=rollout');
    await visit.give('known.png', pngOf(picture));
    await openFile(visit, path);
    const why = v.whyUndefined(v.defaultMethods, own.model.config)!;
    expect(why).toMatch(/^rollout[^.]* undefined on this model, [^.]+; choose among [^.]+\.$/);
    expect(await visit.text('.method-bar + .note')).toBe(`R${why.slice(1)}`);
    const isDefined = v.definedOn(own.model.config);
    const defined = [...v.defaultMethodsOf(own.model.config)].filter(isDefined);
    const offered = await visit.page.locator('.method-bar button').allTextContents();
    expect(offered).toHaveLength(3);
    const all = await visit.page
      .getByLabel('All methods')
      .locator('option')
      .evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
    expect(all).toEqual(expect.arrayContaining(defined.map(({ name }) => name)));
    expect(all).not.toContain('rollout');
    // What is shown in its place is computed.
    const method = defined.find(({ of }) => of === 'class')!.name;
    expectSame(await visit.document(), await expectedOf(own, picture, { method }));
    const hasAttention = changes.attention === undefined;
    expect(await visit.page.locator('.head-grid').count()).toBe(Number(hasAttention));
    expect(await visit.page.getByRole('button', { name: 'Take the tour' }).count()).toBe(
      Number(hasAttention),
    );
    await visit.end();
  },
);

test('a model has the image size and the names of classes that a person gives it', async () => {
  const name = v.demoModel.name;
  const visit = await Visit.begin(browser, served, '#method=rollout');
  await visit.give('known.png', pngOf(picture));
  await resize(visit, '96x64');
  const sized = await loadModel({ name, imageSize: [96, 64] });
  expectSame(await visit.document(), await expectedOf(sized, picture, { method: 'rollout' }));
  const labels = Array.from({ length: 16 }, (_, index) => `thing ${index}`);
  await giveNames(visit, labels);
  const [first] = (await visit.document()).predictions;
  expect(first.label).toBe(`thing ${first.index}`);
  expect(await visit.text('.chosen .class-name')).toBe(first.label);
  // Names stay when the size is another one, and what cannot be leaves all as it was.
  await resize(visit, '80');
  const smaller = await loadModel({ name, imageSize: 80 });
  expectSame(await visit.document(), await expectedOf(smaller, picture, { method: 'rollout' }));
  expect(await visit.text('.chosen .class-name')).toMatch(/^thing/);
  await giveNames(visit, labels.slice(1));
  expect(await visit.problem()).toBe(
    '"names.txt" names 15 classes, and the model has 16; give a file with one name for each.',
  );
  await resize(visit, 'large');
  expect(await visit.problem()).toBe(
    'The image size is "large"; give pixels, such as 384, or height and width, such as 384x512.',
  );
  expectSame(await visit.document(), await expectedOf(smaller, picture, { method: 'rollout' }));
  const { hash } = new URL(visit.page.url());
  expect(hash).toContain('size=80');
  await visit.end();
  const again = await Visit.begin(browser, served, hash);
  await again.give('known.png', pngOf(picture));
  expectSame(await again.document(), await expectedOf(smaller, picture, { method: 'rollout' }));
  await again.end();
  const wrong = await Visit.begin(browser, served, '#size=71');
  expect(await wrong.problem()).toMatch(/71/);
  expect(await wrong.text('#map-words')).toMatch(/^Recommended of dog/);
  await wrong.end();
});

test('running out of memory is told of in a sentence, and is not the end', async () => {
  const visit = await Visit.begin(browser, served, '#method=rollout');
  await visit.give('known.png', pngOf(picture));
  // Of 65536 patches, attention takes 64 GiB a block.
  await resize(visit, '2048');
  expect(await visit.problem()).toBe(
    'This machine has no memory left for that: close other pages, choose a smaller model, or load the page again.',
  );
  await resize(visit, '72');
  const loaded = await loadModel({ name: v.demoModel.name });
  expectSame(await visit.document(), await expectedOf(loaded, picture, { method: 'rollout' }));
  await visit.end();
});

async function resize(visit: Visit, size: string): Promise<void> {
  await visit.click('button', /^Model/);
  await visit.page.getByLabel('Image size').fill(size);
  await visit.page.keyboard.press('Enter');
  await visit.settle();
}

async function giveNames(visit: Visit, labels: readonly string[]): Promise<void> {
  await visit.click('button', /^Model/);
  const buffer = Buffer.from(`\uFEFF${labels.join('\n')}\n`);
  await visit.page
    .getByLabel('A file with names of classes')
    .setInputFiles({ name: 'names.txt', mimeType: 'text/plain', buffer });
  await visit.settle();
}

test('a device that cannot be had is not the one that is said to be chosen', async () => {
  const visit = await Visit.begin(browser, served);
  await visit.choose('Device', 'webgpu');
  expect(await visit.problem()).toBe('There is no WebGPU adapter.');
  expect(await visit.page.getByLabel('Device').inputValue()).toBe('auto');
  expect(visit.page.url()).not.toContain('device=');
  await visit.choose('Device', 'wasm');
  expect(await visit.page.getByLabel('Device').inputValue()).toBe('wasm');
  expect(await visit.text('#device')).toMatch(/you chose WebAssembly/);
  await visit.end();
});

test('SVG is drawn at the size that it says, and then has the numbers of the command', async () => {
  // Edges between pixels: no renderer has anything to smooth.
  const shapes = '<path fill="#8cf" d="M0 0h90v40H0z"/><path fill="#e33" d="M30 20h25v30H30z"/>';
  const sizes = [
    'width="90" height="60"',
    'viewBox="0 0 90 60" width="100%"',
    'viewBox="0 0 90 60" width="180"',
  ];
  const loaded: LoadedModel = await loadModel({ name: v.demoModel.name });
  const visit = await Visit.begin(browser, served, '#method=rollout');
  for (const size of sizes) {
    const text = `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${shapes}</svg>`;
    await writeFile(join(folder, 'drawn.svg'), text);
    await visit.give('drawn.svg', Buffer.from(text), 'image/svg+xml');
    const drawn = await readPicture(join(folder, 'drawn.svg'));
    const document = await visit.document();
    expect(document.image).toMatchObject({ width: drawn.width, height: drawn.height });
    expectSame(document, await expectedOf(loaded, drawn, { method: 'rollout' }));
  }
  await visit.give('broken.svg', Buffer.from('<svg><rect'), 'image/svg+xml');
  expect(await visit.problem()).toBe(
    '"broken.svg" is no SVG that this browser can draw; save it anew, or as a PNG.',
  );
  visit.complaints.length = 0;
  await visit.end();
});
