import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import {
  chooseMethods,
  demoModel,
  documentOf,
  Explainer,
  htmlIndex,
  htmlPage,
  mostAttention,
  overlay,
  recommended,
  rollout,
  sizesOf,
  thumbnailsOf,
  type AddressOf,
  type ExplanationDocument,
  type Picture,
} from '../../../src/index.js';
import { encodePng, loadModel, openBackend, readPicture } from '../../../src/node/index.js';
import { numberInWords } from '../../../src/report/number-in-words.js';
import { seenPicture } from '../../../src/report/index.js';
import { packageFolder } from '../../cli/command.js';
import { openChromium } from '../../support/chromium.js';

/*
 * The page as people use it: the shipped model's, of a picture that ships, in a headless browser, from the disk.
 */

const evil = '</script><img src="x" onerror="document.title=1">';
const addressOf: AddressOf = (drawn: Picture) =>
  `data:image/png;base64,${Buffer.from(encodePng(drawn)).toString('base64')}`;

let folder: string;
let browser: Browser;
let document: ExplanationDocument;
/** The first map over the picture, as files have it. */
let drawn: Picture;
/** Rollouts with options that a page is asked for. */
let exact: readonly (readonly number[])[];

const options = [
  { headFusion: 'mean', discardRatio: 0 },
  { headFusion: 'mean', discardRatio: 0.9 },
  { headFusion: 'max', discardRatio: 0.9 },
  { headFusion: 'min', discardRatio: 0.5 },
] as const;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-page-'));
  browser = await openChromium();
  const loaded = await loadModel({ name: demoModel.name });
  const { backend } = await openBackend('native');
  const chosen = [
    ...options.flatMap((each) => chooseMethods([rollout], each, loaded.model.config)),
    ...chooseMethods([recommended], {}, loaded.model.config),
  ];
  const explainer = await Explainer.create(loaded, backend, { methods: chosen, attention: mostAttention });
  const picture = await readPicture(join(packageFolder, 'examples', 'scene.png'));
  const ready = explainer.makeReady(picture);
  const [found] = await explainer.explain([ready], [[{ kind: 'rank', rank: 0 }]]);
  const all = { ...found, maps: [found.maps[0], found.maps[4]] };
  exact = found.maps.slice(0, 4).map(({ values }) => Array.from(values));
  const labels = loaded.labels.map((label, index) => (index === 1 ? evil : label));
  document = documentOf(all, labels, {
    image: { width: picture.width, height: picture.height },
    model: { name: loaded.name, weights: loaded.weights.path, sha256: await loaded.weights.sha256() },
    device: { backend: backend.name, adapter: backend.adapter },
    timings: { load_ms: 0, compile_ms: 0, run_ms: 0, total_ms: 0 },
  });
  const { attention } = found;
  backend.destroy();
  const seen = seenPicture(picture, ready[0].geometry, 448);
  drawn = overlay(seen.picture(), all.maps[0], seen.geometry);
  const content = { title: `scene ${evil}.png`, picture, document, maps: all.maps, addressOf };
  await writeFile(join(folder, 'page.html'), htmlPage({ ...content, attention }));
  await writeFile(join(folder, 'without.html'), htmlPage(content));
  const thumbnails = thumbnailsOf(picture, all.maps[0], addressOf);
  const entries = ['page.html', 'without.html'].map((address) => ({
    ...{ title: evil, address, thumbnails, document },
  }));
  await writeFile(join(folder, 'index.html'), htmlIndex({ title: 'index', entries }));
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

/** What pages asked for beside themselves, and what went wrong in them. */
let complaints: string[] = [];
afterEach(() => {
  const found = complaints;
  complaints = [];
  expect(found).toEqual([]);
});

async function openPage(name: string, how: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1300, height: 1000 }, ...how });
  // What is not there should be missed soon.
  page.setDefaultTimeout(20_000);
  const address = pathToFileURL(join(folder, name)).href;
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && request.url() !== address) complaints.push(request.url());
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(address);
  if (name !== 'index.html') await page.waitForSelector('html[data-ready]');
  return page;
}

/** The two places for maps, and the three of attention. */
const placesOf = (page: Page): Locator => page.locator('.place:visible');
const attentionOf = (page: Page): Locator => page.locator('#attention-maps figure');
const headingOf = (figure: Locator): Promise<string> => figure.locator('h3').innerText();
const readingOf = (figure: Locator): Promise<string> => figure.locator('.reading').innerText();

/** Puts a slider where it is wanted, by the keyboard. */
async function slide(slider: Locator, to: number): Promise<void> {
  await slider.press('Home');
  for (let i = 0; i < to; i++) await slider.press('ArrowRight');
}

/** All values of a map, as its table has them. */
async function tableOf(place: Locator): Promise<readonly string[]> {
  const table = place.locator('details');
  if ((await table.getAttribute('open')) === null) await table.locator('summary').click();
  // It is filled when it has been opened.
  await place.locator('td').first().waitFor();
  return place.locator('td').allInnerTexts();
}

/** A digest of the pixels of a map's canvas, red green blue: of so many numbers no test tells more. */
async function pixelsOf(figure: Locator): Promise<string> {
  const text = await figure.locator('.stage canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let pixels = '';
    for (let i = 0; i < data.length; i += 4) {
      pixels += String.fromCharCode(data[i], data[i + 1], data[i + 2]);
    }
    return btoa(pixels);
  });
  return digestOf(Buffer.from(text, 'base64'));
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Until the page has drawn what it was told last. */
async function drawnAnew(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(resolve));
      }),
  );
}

/** Values as people read them, to three digits. */
const inWords = (values: readonly number[]): string[] => values.map(numberInWords);

const [rows, columns] = sizesOf(demoModel.config).grid;

describe('the page', () => {
  test('shows the maps of the document as files show them, and its table says their values', async () => {
    const page = await openPage('page.html');
    expect(await page.title()).toBe(`scene ${evil}.png \u00b7 vitrine`);
    const names = await page.locator('.classes .name').allInnerTexts();
    expect(names[1].replace(/ \(explained\)$/, '')).toBe(evil);
    const [first] = await placesOf(page).all();
    await first.locator('select').first().selectOption({ label: 'rollout' });
    await drawnAnew(page);
    expect(await headingOf(first)).toBe('rollout');
    expect(await tableOf(first)).toEqual(inWords(document.explanations[0].values));
    expect(await pixelsOf(first)).toBe(digestOf(drawn.data));
    await page.close();
  });

  test('computes rollouts of any fusion and ratio, within 1 % of the largest value', async () => {
    const page = await openPage('page.html');
    const place = placesOf(page).nth(1);
    expect(await headingOf(place)).toBe('rollout, computed in this page');
    for (const [i, { headFusion, discardRatio }] of options.entries()) {
      await place.getByLabel('Head fusion').selectOption(headFusion);
      await slide(place.getByLabel('Discard ratio'), Math.round(20 * discardRatio));
      await drawnAnew(page);
      expect(await place.getByLabel('Discard ratio').getAttribute('aria-valuetext')).toBe(
        discardRatio.toFixed(2),
      );
      const limit = 0.01 * Math.max(...exact[i]);
      const found = (await tableOf(place)).map((text) => Number(text.replace('\u2212', '-')));
      expect(found).toHaveLength(rows * columns);
      for (const [patch, value] of found.entries()) {
        // What the table says is rounded.
        expect(Math.abs(value - exact[i][patch])).toBeLessThan(limit + 0.005 * value);
      }
    }
    expect(await place.locator('.words').innerText()).toMatch(
      /^Head fusion min, discard ratio 0.50, .*within 1 %/,
    );
    await page.close();
  });

  test('shows what a patch attends to and what attends to it, by pointer and by keys', async () => {
    const page = await openPage('page.html');
    const stage = placesOf(page).nth(0).locator('.stage');
    const { x, y, width, height } = (await stage.boundingBox())!;
    const centre = (row: number, column: number): [number, number] => [
      x + ((column + 0.5) * width) / columns,
      y + ((row + 0.5) * height) / rows,
    ];
    const headings = (): Promise<string[]> => attentionOf(page).locator('h3').allInnerTexts();
    const before = await headings();
    await page.mouse.move(...centre(2, 7));
    await drawnAnew(page);
    expect(await headings()).toEqual([
      'what the class token attends to',
      'what patch 2,7 attends to',
      'what attends to patch 2,7',
    ]);
    const value = document.explanations[1].values[2 * columns + 7];
    expect(await readingOf(placesOf(page).nth(0))).toBe(`patch 2,7: ${numberInWords(value)}`);
    const ofPatch = await pixelsOf(attentionOf(page).nth(1));
    await page.mouse.move(0, 0);
    await drawnAnew(page);
    expect(await headings()).toEqual(before);
    await page.mouse.click(...centre(2, 7));
    await page.mouse.move(0, 0);
    await drawnAnew(page);
    expect(await pixelsOf(attentionOf(page).nth(1))).toBe(ofPatch);
    await stage.focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowLeft', 'ArrowUp']) await page.keyboard.press(key);
    await drawnAnew(page);
    expect((await headings())[1]).toBe('what patch 3,6 attends to');
    expect(await page.locator('#said').innerText()).toMatch(/^patch 3,6: recommended: \S+ \S+; rollout, /);
    for (let i = 0; i < 12; i++) await page.keyboard.press('ArrowRight');
    await drawnAnew(page);
    expect((await headings())[1]).toBe('what patch 3,8 attends to');
    await page.keyboard.press('Escape');
    await drawnAnew(page);
    expect(await headings()).toEqual(before);
    await page.close();
  });

  test('goes through layers and heads', async () => {
    const page = await openPage('page.html');
    const [layer, head] = [
      page.getByRole('slider', { name: 'Layer' }),
      page.getByRole('slider', { name: 'Head' }),
    ];
    const words = (): Promise<string> => attentionOf(page).nth(1).locator('.words').innerText();
    const { depth, heads } = demoModel.config;
    expect(await words()).toMatch(`block ${depth - 1}, mean of heads; `);
    const seen = new Set<string>();
    for (const [block, view, told] of [
      [0, 0, 'mean of heads'],
      [2, 1, 'max of heads'],
      [2, 3, 'head 0'],
      [2, 2 + heads, `head ${heads - 1}`],
    ] as const) {
      await slide(layer, block);
      await slide(head, view);
      await drawnAnew(page);
      expect(await words()).toMatch(new RegExp(`^block ${block}, ${told}; \\S+ goes to no patch$`));
      seen.add(await pixelsOf(attentionOf(page).nth(1)));
    }
    expect(seen.size).toBe(4);
    await page.close();
  });

  test('has colours, opacity, and one map or two', async () => {
    const page = await openPage('page.html');
    const [first, second] = await placesOf(page).all();
    await first.locator('select').first().selectOption({ label: 'rollout' });
    const pictures = [await pixelsOf(first)];
    await page.getByLabel('Colours').selectOption('viridis');
    await drawnAnew(page);
    pictures.push(await pixelsOf(first));
    await slide(page.getByLabel('Opacity'), 20);
    await drawnAnew(page);
    pictures.push(await pixelsOf(first));
    expect(new Set(pictures).size).toBe(3);
    expect(await page.getByLabel('Opacity').getAttribute('aria-valuetext')).toBe('20 %');
    await second.locator('select').first().selectOption({ label: 'rollout' });
    await drawnAnew(page);
    // The same map at both places.
    expect(await pixelsOf(second)).toBe(await pixelsOf(first));
    await page.getByLabel('Two maps side by side').click();
    await drawnAnew(page);
    expect(await placesOf(page).count()).toBe(1);
    await page.close();
  });

  test('gives the document back as a file', async () => {
    const page = await openPage('page.html');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the numbers' }).click(),
    ]);
    const saved = JSON.parse(await readFile(await download.path(), 'utf8')) as ExplanationDocument;
    expect(saved.explanations).toEqual(document.explanations);
    await page.close();
  });

  test('without attention shows the maps alone', async () => {
    const page = await openPage('without.html');
    expect(await Promise.all((await placesOf(page).all()).map(headingOf))).toEqual([
      expect.stringMatching(/^recommended: /),
      'rollout',
    ]);
    expect(await page.locator('#attention').count()).toBe(0);
    await page.close();
  });

  test('prints without its controls, black on white', async () => {
    const page = await openPage('page.html', { colorScheme: 'dark' });
    const background = (): Promise<string> =>
      page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
    expect(await background()).toBe('rgb(20, 24, 29)');
    await page.emulateMedia({ media: 'print' });
    expect(await background()).toBe('rgb(255, 255, 255)');
    const visible = page.locator('select:visible, input:visible, button:visible, summary:visible');
    expect(await visible.count()).toBe(0);
    expect(await page.locator('canvas:visible').count()).toBe(10);
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
    await page.close();
  });

  test.each([
    { width: 1300, height: 900, colorScheme: 'light' },
    { width: 1300, height: 900, colorScheme: 'dark' },
    { width: 360, height: 800, colorScheme: 'light' },
  ] as const)('has nothing that axe objects to ($colorScheme, $width wide)', async (how) => {
    const source = await readFile(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
    const { colorScheme, ...viewport } = how;
    for (const name of ['page.html', 'index.html']) {
      const page = await openPage(name, { viewport, colorScheme });
      if (name === 'page.html') await tableOf(placesOf(page).nth(0));
      await page.evaluate(source);
      const found = await page.evaluate(async () => {
        const { axe } = window as unknown as {
          axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        const { violations } = await axe.run();
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      });
      expect(found).toEqual([]);
      // Nothing is cut off at the side.
      expect(await page.evaluate(() => globalThis.document.documentElement.scrollWidth)).toBe(viewport.width);
      await page.close();
    }
  });
});

describe('the index', () => {
  test('leads to the pages', async () => {
    const page = await openPage('index.html');
    await page.getByRole('link', { name: evil }).nth(1).click();
    await page.waitForSelector('html[data-ready]');
    expect(await page.locator('#places figure').count()).toBe(2);
    // It was asked for by a person.
    complaints = complaints.filter((address) => !address.endsWith('/without.html'));
    await page.close();
  });
});
