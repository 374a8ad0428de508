// What the page takes until its first map, for a head that is knocked out beside an explanation, and of memory; on the built page.
//
//   node bench/page.js [load|heads|pictures [WAY]]      in the headless Chromium that a run of test/page has unpacked
/* global Worker, performance, MutationObserver, document, requestAnimationFrame, maps */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { PNG } from 'pngjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const built = join(root, 'page', 'dist');
const cache = join(root, 'node_modules', '.cache', 'vitrine');
if (!existsSync(join(built, 'index.html')))
  throw new Error('The page is not built; run "npm run page:build".');

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
/** How the page computes: the browser's flags, the address, and what the host sends. */
const ways = {
  'wasm, one thread': { flags: ['--disable-features=WebGPU'], hash: '', headers: {} },
  'wasm, threads': { flags: ['--disable-features=WebGPU'], hash: '', headers: isolation },
  'webgpu, SwiftShader': {
    flags: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
    hash: '#device=webgpu',
    headers: {},
  },
};
const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

const measurements = { load, heads, pictures };
const [chosen, wayChosen = ''] = process.argv.slice(2);
for (const name of Object.keys(measurements).filter((one) => chosen === undefined || one === chosen)) {
  for (const [way, facts] of Object.entries(ways).filter(([words]) => words.includes(wayChosen))) {
    console.log(`${name}, ${way}: ${await measurements[name](facts)}`);
  }
}

/** Milliseconds from the navigation to the first map, each in a browser of its own that has loaded nothing before. */
async function load(way) {
  const times = [];
  for (let run = 0; run < 5; run++) {
    await visit(way, async (page) => times.push(await page.evaluate('firstMap')));
  }
  return `first map after ${spread(times)} ms`;
}

/** Milliseconds of the calls to the worker that make a map: of another class, and without a head. */
async function heads(way) {
  const [explanations, lacking] = [[], []];
  await visit(way, async (page) => {
    const last = async () => {
      await settled(page);
      return page.evaluate('maps.at(-1)');
    };
    for (let run = 0; run < 11; run++) {
      await page
        .locator('.classes .class')
        .nth(run % 2 === 0 ? 1 : 0)
        .click();
      const explanation = await last();
      if (run > 0) explanations.push(explanation);
    }
    await page.getByRole('button', { name: 'Knock out', exact: true }).click();
    for (let run = 0; run < 11; run++) {
      await page.getByRole('button', { name: new RegExp(`^Block ${run % 6}, head ${run % 4}`) }).click();
      const without = await last();
      if (run > 0) lacking.push(without);
    }
  });
  return `explanation ${spread(explanations)} ms, without heads ${spread(lacking)} ms`;
}

/** MiB of the processes that the page and its device are in, after every twenty of a hundred pictures. */
async function pictures(way) {
  const sizes = [];
  await visit(way, async (page, browser) => {
    const session = await browser.newBrowserCDPSession();
    for (let picture = 1; picture <= 100; picture++) {
      await page
        .getByLabel('A picture of yours')
        .setInputFiles({ name: `${picture}.png`, mimeType: 'image/png', buffer: pictureOf(picture) });
      await settled(page);
      if (picture % 20 !== 0) continue;
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      const own = processInfo.filter(({ type }) => type === 'renderer' || type === 'GPU');
      sizes.push(own.reduce((sum, { id }) => sum + residentOf(id), 0));
    }
  });
  return `${sizes.map((size) => size.toFixed(0)).join(', ')} MiB after 20, 40, 60, 80, 100 pictures`;
}

function residentOf(id) {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'));
  return Number(kilobytes) / 1024;
}

/** Each another one, of the size of a photograph on the web. */
function pictureOf(number) {
  const png = new PNG({ width: 640, height: 480 });
  for (let i = 0; i < png.data.length; i++) png.data[i] = i % 4 === 3 ? 255 : (i * (number + 3)) >> 6;
  return PNG.sync.write(png);
}

async function visit({ flags, hash, headers }, look) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://host').pathname.replace(/\/$/, '/index.html');
    readFile(join(built, path)).then(
      (content) =>
        response.writeHead(200, { 'content-type': types[extname(path)] ?? '', ...headers }).end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await openChromium(flags);
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
  await page.addInitScript(watch);
  await page.goto(`http://127.0.0.1:${server.address().port}/${hash}`);
  await settled(page);
  await look(page, browser);
  await browser.close();
  server.closeAllConnections();
  server.close();
}

/** In the page: when its first map is drawn, and how long each map takes of the worker. */
function watch() {
  const asked = new Map();
  globalThis.maps = [];
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (message, ...rest) {
    if (message.name === 'map') asked.set(message.id, performance.now());
    if (message.id === 0) {
      this.addEventListener('message', ({ data }) => {
        if (data.kind === 'done' && asked.has(data.id)) maps.push(performance.now() - asked.get(data.id));
      });
    }
    return post.call(this, message, ...rest);
  };
  const observer = new MutationObserver(() => {
    if (!document.querySelector('#map-words')) return;
    observer.disconnect();
    // What was put there is seen with the next frame.
    requestAnimationFrame(() => {
      globalThis.firstMap = performance.now();
    });
  });
  observer.observe(document, { childList: true, subtree: true });
}

async function settled(page) {
  // No handles of elements: they would keep every map that was ever drawn.
  await page.locator('#map-words').waitFor();
  await page.waitForTimeout(60);
  await page.locator('main[aria-busy=false]').waitFor();
}

function openChromium(flags) {
  const [name] = existsSync(cache) ? readdirSync(cache).filter((entry) => entry.startsWith('chromium-')) : [];
  if (name === undefined)
    throw new Error('There is no Chromium yet; run "node test/run.js test/page" first.');
  const folder = join(cache, name);
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: ['--no-sandbox', ...flags],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: [join(folder, 'lib'), folder].join(':'),
      FONTCONFIG_PATH: join(folder, 'fonts'),
    },
  });
}

/** Median, with the least and the greatest. */
function spread(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const [least, middle, greatest] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)];
  return `${middle.toFixed(0)} (${least.toFixed(0)} to ${greatest.toFixed(0)})`;
}
