import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext } from 'playwright-core';
import sharp from 'sharp';
import { findModel } from '../../src/index.js';
import { openChromium } from '../support/chromium.js';
import { smallWeights } from '../support/model-folder.js';
import { isFull } from '../support/methods-golden.js';
import { expectedOf, knownPicture, pngOf, shippedModel } from './expected.js';
import { servePage, type Served } from './served.js';
import { Visit } from './visit.js';

/*
 * What is around the maps: for whom the page is, where models come from, the camera. All of it on WebAssembly, which is quick.
 */

const camera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
let [browser, served] = [] as unknown as [Browser, Served];

beforeAll(async () => {
  [browser, served] = await Promise.all([
    openChromium({ flags: ['--disable-features=WebGPU', ...camera] }),
    servePage(),
  ]);
});
afterAll(async () => {
  await browser.close();
  served.close();
});

const wide = { width: 1440, height: 1000 };
const phone = { width: 375, height: 780 };

const looks = [
  ['wide and dark', { viewport: wide, colorScheme: 'dark' }],
  ["of a phone's width and light", { viewport: phone, colorScheme: 'light', reducedMotion: 'reduce' }],
  ['wide and light', { viewport: wide, colorScheme: 'light' }],
  ["of a phone's width and dark", { viewport: phone, colorScheme: 'dark' }],
] as const;

// Colours are those of the scheme, at any width: two of the four see both schemes and both widths.
describe.each(isFull ? looks : looks.slice(0, 2))('a page that is %s', (_name, options) => {
  let visit = undefined as unknown as Visit;
  beforeAll(async () => {
    visit = await Visit.begin(browser, served, '', options);
  });
  afterAll(() => visit.end());

  test('moves nothing for those who want no motion', async () => {
    const calm = 'reducedMotion' in options;
    const duration = await visit.page.evaluate(
      "getComputedStyle(document.querySelector('.bar i')).transitionDuration",
    );
    expect(duration).toBe(calm ? '0s' : '0.16s');
  });

  test('violates no rule of axe, exploring or touring, and needs no scrolling sideways', async () => {
    expect(await violations(visit)).toEqual([]);
    await visit.click('button', 'Knock out');
    await visit.click('button', 'Block 1, head 1');
    await visit.choose('Beside it', 'rollout');
    expect(await violations(visit)).toEqual([]);
    await visit.click('button', /^Model/);
    expect(await violations(visit)).toEqual([]);
    await visit.page.keyboard.press('Escape');
    await visit.click('button', 'Take the tour');
    for (const step of [0, 2, 5, 6]) {
      await visit.click('button', new RegExp(`^Step ${step + 1}:`));
      expect(await violations(visit)).toEqual([]);
      expect(await visit.page.evaluate('document.documentElement.scrollWidth')).toBe(options.viewport.width);
    }
  });
});

/** Rules that are violated, with where. */
async function violations({ page }: Visit): Promise<string[]> {
  const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  // The page's policy lets no script in; an evaluation of the debugger's is none.
  await page.evaluate(source);
  return page.evaluate(
    `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`,
  );
}

test('works by keyboard alone, and says in words what the map shows', async () => {
  const visit = await Visit.begin(browser, served);
  const { page } = visit;
  const focused = (): Promise<string> =>
    page.evaluate('document.activeElement.getAttribute("aria-label") || document.activeElement.textContent');
  const reach = async (name: RegExp): Promise<void> => {
    for (let presses = 0; presses < 80; presses++) {
      await page.keyboard.press('Tab');
      if (name.test(await focused())) return;
    }
    throw new Error(`The Tab key never comes to ${String(name)}.`);
  };
  await reach(/^Example: a car/);
  await page.keyboard.press('Enter');
  await visit.settle();
  expect(await visit.text('#map-words')).toMatch(
    /^Recommended of \w+\. What speaks for it lies \d+\u2009% in the .+; the strongest patch is row \d, column \d of 9 by 9\. .+ speaks against it\.$/,
  );
  await reach(/^Rollout$/);
  await page.keyboard.press('Space');
  await visit.settle();
  expect(await visit.text('#map-words')).toMatch(/^Rollout, the same for every class\. Its weight lies \d+/);
  await reach(/^Map over the picture/);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  expect(await visit.text('.readout')).toMatch(/^Row 4, column 5: /);
  await reach(/^Knock out$/);
  await page.keyboard.press('Space');
  await reach(/^Block 0, head 0$/);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  expect(await focused()).toBe('Block 1, head 1');
  await page.keyboard.press('Enter');
  await visit.settle();
  expect(await focused()).toBe('Block 1, head 1, knocked out');
  await visit.end();
});

test('guides through seven steps, each of them live, and lets go anywhere', async () => {
  const visit = await Visit.begin(browser, served);
  const seen = new Set<string>();
  await visit.click('button', 'Take the tour');
  for (let step = 1; step <= 7; step++) {
    expect(await visit.text('.tour h2 span')).toBe(`${step} of 7`);
    // One sentence.
    expect((await visit.text('.sentence')).match(/[.!?](?= |$)/g)).toHaveLength(1);
    await visit.page.waitForSelector('.show > *');
    seen.add(await visit.text('.show'));
    if (step <= 4) {
      const canvas = '.show canvas >> nth=-1';
      const before = await visit.pixels(canvas);
      await visit.page.locator('.picker').hover({ position: { x: 20 + 75 * step, y: 30 } });
      await visit.settle();
      expect(before.equals(await visit.pixels(canvas))).toBe(false);
    }
    if (step < 7) await visit.click('button', 'Next');
  }
  expect(seen.size).toBe(7);
  expect(visit.page.url()).toContain('step=6');
  await visit.click('button', 'Back');
  await visit.click('button', 'Explore freely');
  await visit.page.waitForSelector('#map-canvas');
  await visit.end();
});

test.each(['rollout', 'gradient-rollout'])(
  'shows %s of what the camera sees, frame after frame, and keeps the last',
  async (method) => {
    const visit = await Visit.begin(browser, served, `#method=${method}`);
    await visit.page.getByRole('button', { name: 'Camera' }).click();
    await visit.page.getByRole('button', { name: /^Stop \(([1-9]|0\.[1-9])/ }).waitFor();
    const first = await visit.pixels('#map-canvas');
    // Ends only when another frame is there.
    while (first.equals(await visit.pixels('#map-canvas'))) await visit.page.waitForTimeout(100);
    await visit.page.getByRole('button', { name: /^Stop/ }).click();
    await visit.settle();
    expect((await visit.document()).image).toMatchObject({ width: 640 });
    expect(await visit.page.locator('.head canvas').count()).toBe(24);
    await visit.end();
  },
);

test('turns a photograph as its EXIF data say, and takes what is dropped or pasted', async () => {
  const visit = await Visit.begin(browser, served);
  const { width, height, data } = knownPicture();
  const raw = { raw: { width, height, channels: 3 } } as const;
  const lying = await sharp(data, raw).rotate(-90).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  await visit.give('photograph.jpg', lying, 'image/jpeg');
  const told = await visit.document();
  expect(told.image).toMatchObject({ width, height });
  // JPEG is not exact, but a picture that lies on its side is another one.
  const loaded = await shippedModel();
  const upright = await expectedOf(loaded, knownPicture(), { method: 'recommended' });
  for (const { index, logit } of told.predictions) {
    expect(Math.abs(logit - upright.logits[index])).toBeLessThan(0.3);
  }
  for (const event of ['drop', 'paste'] as const) {
    const picture = [...pngOf(knownPicture(90 + event.length, 120))];
    await visit.page.evaluate(
      ([type, bytes]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([Uint8Array.from(bytes)], 'given.png', { type: 'image/png' }));
        const options = { dataTransfer: transfer, clipboardData: transfer, bubbles: true };
        const given = type === 'drop' ? new DragEvent(type, options) : new ClipboardEvent(type, options);
        document.body.dispatchEvent(given);
      },
      [event, picture] as const,
    );
    await visit.settle();
    expect((await visit.document()).image).toMatchObject({ width: 90 + event.length, height: 120 });
  }
  await visit.end();
});

describe('models of the hub', () => {
  const name = 'deit_tiny_patch16_224';
  const { repo } = findModel(name).hub!;
  const commit = '0123456789abcdef0123456789abcdef01234567';

  /** Answers as the hub does, with a file that need not be what was promised. */
  async function beHub(context: BrowserContext, content: Buffer, promised = content): Promise<void> {
    const sha256 = createHash('sha256').update(promised).digest('hex');
    const headers = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };
    const lfs = { oid: sha256, size: promised.length, pointerSize: 134 };
    const json = (value: unknown) => ({
      headers,
      contentType: 'application/json',
      body: JSON.stringify(value),
    });
    await context.route(`https://huggingface.co/**`, (route, request) => {
      const { pathname } = new URL(request.url());
      if (request.method() === 'OPTIONS') return route.fulfill({ headers });
      if (pathname.includes('/paths-info/')) {
        return route.fulfill(
          json([{ type: 'file', path: 'model.safetensors', oid: commit, size: promised.length, lfs }]),
        );
      }
      if (pathname.startsWith('/api/'))
        return route.fulfill(json({ _id: 'x', id: repo, sha: commit, tags: [] }));
      return route.fulfill({ headers, body: content });
    });
  }

  async function fetchModel(visit: Visit, label: RegExp): Promise<void> {
    await visit.click('button', /^Model/);
    await visit.page
      .getByRole('button', { name: new RegExp(`^${name}`) })
      .first()
      .click();
    await visit.page.getByRole('button', { name: label }).click();
    await visit.settle();
  }

  test('that are damaged on the way are refused, in a sentence', async () => {
    const visit = await Visit.begin(browser, served);
    const content = await readFile(smallWeights('vit_square'));
    const damaged = Buffer.from(content);
    damaged[2000] ^= 1;
    await beHub(visit.page.context(), damaged, content);
    await fetchModel(visit, /^Fetch 0\.\d MB and open/);
    expect(await visit.problem()).toBe(
      `The download of model.safetensors from ${repo} does not have the hub's checksum and was thrown away: try again.`,
    );
    expect(await visit.text('button.fact')).toBe('Model vit_scenes_patch8_72');
    await visit.end();
  });

  test('are fetched when a person says so, checked, and kept: then they need no network', async () => {
    const visit = await Visit.begin(browser, served);
    // Of another model, so that no megabytes of weights are needed here: it is refused after it was checked and kept.
    await beHub(visit.page.context(), await readFile(smallWeights('vit_square')));
    expect(visit.elsewhere).toEqual([]);
    await fetchModel(visit, /^Fetch/);
    expect(await visit.problem()).toMatch(/^".*model\.safetensors" .*\.$/);
    expect(visit.elsewhere.every((url) => url.startsWith('https://huggingface.co/'))).toBe(true);
    const asked = visit.elsewhere.length;
    await fetchModel(visit, /^Open \(0\.\d MB, kept here\)/);
    expect(await visit.problem()).toMatch(/^".*model\.safetensors" .*\.$/);
    expect(visit.elsewhere).toHaveLength(asked);
    await visit.end();
  });

  test('that cannot be reached: a sentence', async () => {
    const visit = await Visit.begin(browser, served);
    await visit.page.context().setOffline(true);
    await visit.click('button', /^Model/);
    await visit.page
      .getByRole('button', { name: new RegExp(`^${name}`) })
      .first()
      .click();
    await visit.page.waitForSelector('.models .problem');
    expect(await visit.text('.models .problem')).toMatch(
      /^Cannot get timm\/.+ from the Hugging Face hub: .+; see whether this machine has network, or drop the file on the page\.$/,
    );
    // The browser tells of the lost connection by itself.
    visit.complaints.length = 0;
    await visit.end();
  });
});

test('long work shows how far it is, and is called off', async () => {
  const visit = await Visit.begin(browser, served);
  await visit.page.getByLabel('All methods').selectOption('integrated-gradients');
  await visit.page.getByRole('button', { name: 'Cancel' }).click();
  await visit.settle();
  await visit.click('button', 'Rollout');
  expect(await visit.text('#map-words')).toMatch(/^Rollout/);
  await visit.end();
});

test('its policy holds in the worker, too: nothing goes elsewhere', async () => {
  const visit = await Visit.begin(browser, served);
  await visit.page
    .context()
    .route('https://elsewhere.example/**', (route) =>
      route.fulfill({ headers: { 'access-control-allow-origin': '*' }, body: 'here' }),
    );
  const tell = `new Promise((tell) => {
    self.addEventListener('securitypolicyviolation', (event) => tell(event.effectiveDirective));
    fetch('https://elsewhere.example/').then(() => tell('let through'), () => setTimeout(tell, 5000, 'no policy'));
  })`;
  expect(await visit.page.workers()[0].evaluate(tell)).toBe('connect-src');
  // The browser may tell of it by itself.
  visit.complaints.length = 0;
  await visit.end();
});

test('where the page is isolated, WebAssembly has threads', async () => {
  const isolated = await servePage({
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
  });
  const visit = await Visit.begin(browser, isolated);
  expect(await visit.text('#device')).toMatch(/^WebAssembly, 128-bit vectors, \d+ threads?/);
  expect(await visit.text('.chosen .class-name')).toBe('dog');
  await visit.end();
  isolated.close();
});
