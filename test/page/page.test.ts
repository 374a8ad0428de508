import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import * as v from '../../src/index.js';
import { loadModel, readPicture, type LoadedModel } from '../../src/node/index.js';
import { packageFolder } from '../cli/command.js';
import { openChromium } from '../support/chromium.js';
import { expectClose } from '../support/compare.js';
import { isFull } from '../support/methods-golden.js';
import { makeModelFolder } from '../support/model-folder.js';
import { expectedOf, expectSame, knownPicture, pngOf, shippedModel } from './expected.js';
import { servePage, type Served } from './served.js';
import { Visit } from './visit.js';

/** WebGPU on a software adapter, and none at all. */
const browsers = {
  webgpu: {
    flags: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
    hash: '#device=webgpu',
    device: /^WebGPU: .*software, on the CPU/,
  },
  wasm: {
    flags: ['--disable-features=WebGPU'],
    hash: '',
    device: /^WebAssembly.* because this browser offers no WebGPU/,
  },
} as const;

describe.each(Object.entries(browsers))('the page on %s', (name, { flags, hash, device }) => {
  let [browser, served, visit, loaded] = [] as unknown as [Browser, Served, Visit, LoadedModel];
  let temporary = '';
  const picture = knownPicture();
  /** What the page does with numbers, wherever they come from, is tried where they come quickly. */
  const testOnce = (title: string, run: () => Promise<void>): void => {
    if (name === 'wasm' || isFull) test(title, run);
  };

  beforeAll(async () => {
    [browser, served, loaded] = await Promise.all([openChromium({ flags }), servePage(), shippedModel()]);
    temporary = await mkdtemp(join(tmpdir(), 'vitrine-page-'));
    visit = await Visit.begin(browser, served, hash);
  });
  afterAll(async () => {
    await visit.end();
    await browser.close();
    served.close();
    await rm(temporary, { recursive: true });
  });

  test('shows a map at once, and says what really computes', async () => {
    expect(await visit.text('#device')).toMatch(device);
    expect(await visit.text('.chosen .class-name')).toBe('dog');
    const example = await readPicture(join(packageFolder, 'examples', 'scene.png'));
    expectSame(await visit.document(), await expectedOf(loaded, example, { method: 'recommended' }));
    // Colours, and not one.
    expect(new Set(await visit.pixels('#map-canvas')).size).toBeGreaterThan(100);
  });

  test('has fetched at most 150 kB of script and style, compressed, when its first map is there', async () => {
    // What finds other models is not there: the first map needs none of it.
    const host = await servePage({}, /elsewhere-/);
    const page = await browser.newPage();
    await page.goto(`${host.address}${hash}`);
    await page.waitForSelector('#map-words');
    const parts = host.sent.filter((path) => /\.(js|css)$/.test(path) && !path.includes('shaders-'));
    // Page, worker, style, and of WebGPU its own part.
    expect(parts).toHaveLength(name === 'webgpu' ? 4 : 3);
    const folder = join(packageFolder, 'page', 'dist');
    const sizes = await Promise.all(
      parts.map(async (path) => gzipSync(await readFile(join(folder, path))).length),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000);
    await page.close();
    host.close();
  });

  test('has the numbers that reference has of the same pixels, whatever its controls are set to', async () => {
    await visit.give('known.png', pngOf(picture));
    expectSame(await visit.document(), await expectedOf(loaded, picture, { method: 'recommended' }));
    await visit.click('button', 'Rollout');
    expectSame(await visit.document(), await expectedOf(loaded, picture, { method: 'rollout' }));
    await visit.choose('Head fusion', 'max');
    await visit.page.getByLabel('Discard ratio', { exact: true }).fill('0.5');
    await visit.page.getByLabel('First layer').fill('2');
    await visit.settle();
    const options = { headFusion: 'max', discardRatio: 0.5, layers: [2, 5] };
    expectSame(await visit.document(), await expectedOf(loaded, picture, { method: 'rollout', options }));
    await visit.choose('Head fusion', 'mean');
    await visit.page.getByLabel('Discard ratio', { exact: true }).fill('0');
    await visit.page.getByLabel('First layer').fill('0');
    await visit.click('button', 'Recommended');
    await visit.choose('Target', 'log-probability');
    const score = 'log-probability';
    expectSame(await visit.document(), await expectedOf(loaded, picture, { method: 'recommended', score }));
    await visit.choose('Target', 'logit');
  });

  test('explains the class that is clicked, and one rather than another', async () => {
    await visit.page.locator('.classes .class').nth(1).click();
    await visit.settle();
    const [first, second] = (await visit.document()).predictions;
    const target = { kind: 'class', index: second.index } as const;
    expectSame(await visit.document(), await expectedOf(loaded, picture, { method: 'recommended', target }));
    await visit.page.getByRole('button', { name: `vs ${first.label}` }).click();
    await visit.settle();
    const contrast = { kind: 'contrast', index: second.index, against: first.index } as const;
    const document = await visit.document();
    expectSame(document, await expectedOf(loaded, picture, { method: 'recommended', target: contrast }));
    expect(document.explanations[0]).toMatchObject({
      class: second.index,
      options: { against: first.index },
    });
    expect(await visit.text('#map-words')).toContain(`${second.label} rather than ${first.label}`);
    const unlikely = loaded.labels.length - 1;
    await visit.page.getByLabel('Another class').fill(v.shortLabel(loaded.labels[unlikely]));
    await visit.page.keyboard.press('Enter');
    await visit.settle();
    expect((await visit.document()).explanations[0].class).toBe(unlikely);
  });

  testOnce(
    'reads out the value of the patch that pointer or arrow keys are at, and what it attends to',
    async () => {
      const [explanation] = (await visit.document()).explanations;
      const value = (row: number, column: number): string =>
        `Row ${row + 1}, column ${column + 1}: ${inThreeDigits(explanation.values[row * 9 + column])}`;
      const box = (await visit.page.locator('#map').boundingBox())!;
      const shares = v.seenArea(explanation.geometry!);
      const { width } = explanation.geometry!.original;
      const at = (column: number): number =>
        box.x + (box.width * (shares.left + ((shares.right - shares.left) * (column + 0.5)) / 9)) / width;
      await visit.page.mouse.move(at(7), box.y + (box.height * 2.5) / 9);
      await visit.settle();
      expect(await visit.text('.readout')).toBe(value(2, 7));
      await visit.page.locator('#map').focus();
      await visit.page.keyboard.press('ArrowDown');
      await visit.page.keyboard.press('ArrowLeft');
      expect(await visit.text('.readout')).toBe(value(3, 6));
      const before = await visit.pixels('.pair canvas >> nth=0');
      await visit.page.keyboard.press('ArrowLeft');
      await visit.settle();
      expect(before.equals(await visit.pixels('.pair canvas >> nth=0'))).toBe(false);
      await visit.choose('Block', '3');
      await visit.choose('Head', '2');
      const from = await expectedOf(loaded, picture, {
        method: 'attention-from',
        options: { patch: [3, 5], block: 3, heads: 2 },
      });
      const strongest = largest(from.maps[0].values);
      const words = await visit.text('.pair figcaption >> nth=0');
      expect(words).toContain(`row ${Math.floor(strongest / 9) + 1}, column ${(strongest % 9) + 1}`);
      await visit.page.locator('#map').focus();
      await visit.page.keyboard.press('Escape');
      expect(await visit.text('.readout')).toMatch(/^Point at a patch/);
    },
  );

  test('knocks heads out by clicks, and puts them back', async () => {
    await visit.click('button', 'Recommended');
    await visit.page.locator('.classes .class').first().click();
    await visit.click('button', 'Knock out');
    await visit.click('button', 'Block 2, head 1');
    await visit.click('button', 'Block 4, head 3');
    const { head } = v.partsOf(v.sizesOf(loaded.model.config));
    const document = await visit.document();
    const target = { kind: 'class', index: document.predictions[0].index } as const;
    const without = await expectedOf(loaded, picture, {
      method: 'recommended',
      target,
      without: [head(2, 1), head(4, 3)],
    });
    expectSame(document, await expectedOf(loaded, picture, { method: 'recommended', target }));
    expectClose(document.explanations[0].ablated!.values, without.maps[0].values, { relative: 5e-4 });
    expect(document.ablation?.parts).toEqual(['blocks.2.attn:1', 'blocks.4.attn:3']);
    for (const { index, after } of document.ablation!.logits) {
      expect(Math.abs(after - without.logits[index])).toBeLessThan(5e-5);
    }
    expect(await visit.text('.chosen .class-share')).toContain('→');
    await visit.click('button', 'Put all 2 back');
    expect((await visit.document()).ablation).toBeUndefined();
    await visit.click('button', 'Look closer');
    await visit.click('button', 'Block 5, head 0');
    expect(await visit.text('dialog h2')).toBe('Block 5, head 0');
    await visit.page.keyboard.press('Escape');
    await visit.page.locator('dialog').waitFor({ state: 'detached' });
  });

  testOnce('lays two methods side by side with their difference', async () => {
    await visit.choose('Beside it', 'rollout');
    expect(await visit.page.locator('.stages.three canvas[id]').count()).toBe(3);
    expect(await visit.text('#difference-words')).toContain('minus');
    const [first, second] = [await visit.pixels('#first-canvas'), await visit.pixels('#second-canvas')];
    expect(first.equals(second)).toBe(false);
    await visit.choose('Beside it', '');
    expect(await visit.page.locator('.stages canvas[id]').count()).toBe(1);
  });

  testOnce('covers the picture as much as it is told to', async () => {
    const opacity = visit.page.getByLabel('Opacity');
    await opacity.fill('0');
    await visit.settle();
    const bare = await visit.pixels('#map-canvas');
    await opacity.fill('1');
    await visit.settle();
    expect(bare.equals(await visit.pixels('#map-canvas'))).toBe(false);
    // What is drawn is what the library draws.
    const [map] = (await expectedOf(loaded, picture, { method: 'recommended' })).maps;
    const drawn = v.overlay(picture, map, map.geometry, { colormap: 'rdbu_r', opacity: 0 });
    expect(Buffer.from(drawn.data).equals(bare.filter((_, i) => i % 4 < 3))).toBe(true);
    await opacity.fill('0.75');
  });

  testOnce('shows views as sheets, with what would be said at each block', async () => {
    await visit.choose('All methods', 'logit-lens');
    const expected = await expectedOf(loaded, picture, { method: 'logit-lens' });
    expectSame(await visit.document(), expected);
    expect(await visit.page.locator('.view-sheet canvas').count()).toBe(6);
    await visit.choose('All methods', 'rollout');
  });

  testOnce('is looked at again from its address, but for the picture', async () => {
    await visit.click('button', 'Gradient rollout');
    await visit.choose('Variant', 'signed');
    const { href } = new URL(visit.page.url());
    expect(href).toContain('method=gradient-rollout');
    await visit.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await visit.click('button', 'Copy link');
    expect(await visit.page.evaluate('navigator.clipboard.readText()')).toBe(href);
    expect(await visit.page.getByRole('button', { name: 'Copied' }).count()).toBe(1);
    const other = await Visit.begin(
      browser,
      served,
      new URL(href).hash.replace(/picture=[^&]*/, 'picture=street'),
    );
    const street = await readPicture(join(packageFolder, 'examples', 'street.png'));
    const document = await other.document();
    const index = document.explanations[0].class!;
    expectSame(
      document,
      await expectedOf(loaded, street, {
        method: 'gradient-rollout',
        options: { variant: 'signed' },
        target: { kind: 'class', index },
      }),
    );
    await other.end();
  });

  testOnce('saves the picture as it is drawn, with its colours and words', async () => {
    const png = await visit.save('Save PNG');
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBeGreaterThan(picture.width);
  });

  testOnce('tells of broken files in a sentence, and goes on', async () => {
    await visit.give('broken.png', Buffer.from('this is no picture'));
    expect(await visit.problem()).toBe(
      '"broken.png" is no picture that this browser can decode; choose a PNG, a JPEG, a WebP or another common format.',
    );
    await visit.click('button', /^Model/);
    await visit.page.getByLabel('A checkpoint').setInputFiles({
      name: 'broken.safetensors',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from('no checkpoint at all'),
    });
    await visit.settle();
    expect(await visit.problem()).toMatch(/^"broken\.safetensors" [^.]+\.$/);
    await visit.click('button', 'Rollout');
    expectSame(await visit.document(), await expectedOf(loaded, picture, { method: 'rollout' }));
    // The browser tells of broken pictures by itself; that is no complaint of the page.
    visit.complaints.length = 0;
  });

  testOnce('takes the folder of a model, and has its numbers', async () => {
    const folder = await makeModelFolder(join(temporary, 'square'), 'vit_square');
    await visit.click('button', /^Model/);
    await visit.page.getByLabel('A folder with config.json and weights').setInputFiles(folder);
    await visit.settle();
    expect(await visit.text('button.fact')).toBe('Model square');
    const own = await loadModel({ name: folder });
    const document = await visit.document();
    expectSame(document, await expectedOf(own, picture, { method: 'rollout' }));
    expect(document.model.sha256).toBe(await own.weights.sha256());
    await visit.click('button', /^Model/);
    await visit.click('button', /^vit_scenes_patch8_72/);
    expect(await visit.text('button.fact')).toBe('Model vit_scenes_patch8_72');
  });

  if (name === 'webgpu') {
    test('goes on after its device was lost', async () => {
      const [before] = await gpuProcesses(browser);
      // What computes on the device ends, as when a driver is updated.
      process.kill(before);
      await visit.give('known.png', pngOf(picture));
      await visit.click('button', 'Rollout');
      expectSame(await visit.document(), await expectedOf(loaded, picture, { method: 'rollout' }));
      expect(await gpuProcesses(browser)).not.toContain(before);
      expect(await visit.text('#device')).toMatch(device);
      visit.complaints.length = 0;
    });
  }

  test('never asks anybody for anything but its own files', async () => {
    expect(visit.elsewhere).toEqual([]);
    await visit.page.context().setOffline(true);
    await visit.give('known.png', pngOf(picture));
    await visit.click('button', 'Recommended');
    expectSame(await visit.document(), await expectedOf(loaded, picture, { method: 'recommended' }));
    await visit.page.context().setOffline(false);
  });
});

test('an address that makes no sense is as usual; one that asks for too much, or for what is elsewhere, is told of', async () => {
  const [browser, served] = await Promise.all([openChromium(), servePage()]);
  const visit = await Visit.begin(browser, served, '#device=quantum&opacity=7&block=x&method=nonsense');
  expect(await visit.text('#map-words')).toMatch(/^Recommended/);
  await visit.end();
  const asking = await Visit.begin(browser, served, '#method=rollout&options={"discardRatio":2}');
  expect(await asking.problem()).toMatch(
    /^discardRatio is 2; give a number from 0 up to, but not including, 1\.$/,
  );
  await asking.end();
  const elsewhere = await Visit.begin(browser, served, '#model=deit_tiny_patch16_224');
  expect(await elsewhere.problem()).toBe(
    'The address asks for the model deit_tiny_patch16_224, which is not in this browser; open it under "Model".',
  );
  expect(elsewhere.elsewhere).toEqual([]);
  expect(await elsewhere.text('button.fact')).toBe('Model vit_scenes_patch8_72');
  await elsewhere.end();
  await browser.close();
  served.close();
});

test('its policy lets it reach nobody but itself and the hub', async () => {
  const html = await readFile(join(packageFolder, 'page', 'dist', 'index.html'), 'utf8');
  const [, policy] = /Content-Security-Policy"\s+content="([^"]+)"/.exec(html)!;
  expect(policy).toContain("default-src 'none'");
  const [connect] = /connect-src [^;]+/.exec(policy)!;
  const hosts = connect.split(' ').slice(1);
  expect(hosts).toEqual(["'self'", 'https://huggingface.co', 'https://*.huggingface.co', 'https://*.hf.co']);
});

/** As the page writes numbers. */
function inThreeDigits(value: number): string {
  const text =
    Math.abs(value) < 1e-3 && value !== 0 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
  return text.replaceAll('-', '\u2212').replace('e+', 'e');
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((best, value, i, all) => (value > all[best] ? i : best), 0);
}

async function gpuProcesses(browser: Browser): Promise<readonly number[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.filter(({ type }) => type === 'GPU').map(({ id }) => id);
}
