// Draws the pictures of the README and of pictures.md anew, as the command draws them, and the page that it writes as a browser does:
// `npm run build` first, then `node docs/draw-pictures.js --weights FILE`, a checkpoint of deit_tiny_patch16_224, downloaded if left
// out. Names of pictures without ending draw those alone.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { openChromium } from '../test/support/chromium.js';

const { values, positionals } = parseArgs({
  options: { weights: { type: 'string' } },
  allowPositionals: true,
});
const ofDeit = values.weights === undefined ? [] : ['--weights', values.weights];
const ofDemo = ['--model', 'vit_scenes_patch8_72'];

/** What the command is called with, by the name of the picture without ending, and how that is made of what it writes. */
const pictures = {
  'chelsea.panel': [['examples/chelsea.png', ...ofDeit], drawn],
  'chelsea.strip': [['examples/chelsea.png', ...ofDeit, '--strip', 'layers'], drawn],
  'chelsea.sweep': [['examples/chelsea.png', ...ofDeit, '--sweep', 'discard-ratio=0:0.9:0.3'], drawn],
  'scene.panel': [['examples/scene.png', ...ofDemo], drawn],
  'scene.objects': [['examples/scene.png', ...ofDemo, '--objects'], drawn],
  'scene.page': [['examples/scene.png', ...ofDemo], photographed],
};

const root = fileURLToPath(new URL('..', import.meta.url));
for (const [name, [call, made]] of Object.entries(pictures)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const out = mkdtempSync(join(tmpdir(), 'vitrine-docs-'));
  // With fewer colours, so that nobody downloads megabytes to read.
  await sharp(await made(call, out))
    .png({ palette: true, effort: 10 })
    .toFile(join(root, 'docs', `${name}.png`));
  rmSync(out, { recursive: true });
}

function explain(call, out) {
  // The same device wherever this is run.
  const args = ['dist/bin/main.cjs', 'explain', ...call, '--device', 'native', '--out', out];
  execFileSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** The picture that the command draws. */
function drawn(call, out) {
  explain(call, out);
  return join(
    out,
    readdirSync(out).find((file) => file.endsWith('.png')),
  );
}

/** The page that it writes, with two maps side by side. */
async function photographed(call, out) {
  const page = join(out, 'page.html');
  explain([...call, '--html', page], out);
  const browser = await openChromium();
  try {
    const view = await browser.newPage({
      viewport: { width: 1300, height: 800 },
      deviceScaleFactor: 1100 / 1300,
    });
    await view.goto(pathToFileURL(page).href);
    await view.getByLabel('Two maps side by side').check();
    await view.getByLabel('Map', { exact: true }).selectOption({ label: 'recommended: dog' });
    await view.getByLabel('Beside it').selectOption({ label: 'rollout, its fusion and ratio to choose' });
    return await view.screenshot({ fullPage: true });
  } finally {
    await browser.close();
  }
}
