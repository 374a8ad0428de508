// Draws the pictures of the README and of pictures.md anew, as the command draws them: `npm run build` first, then
// `node docs/draw-pictures.js --weights FILE`, a checkpoint of deit_tiny_patch16_224, downloaded if left out.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';

const { weights } = parseArgs({ options: { weights: { type: 'string' } } }).values;
const ofDeit = weights === undefined ? [] : ['--weights', weights];
const ofDemo = ['--model', 'vit_scenes_patch8_72'];

/** What is drawn, by the name of its picture without ending. */
const pictures = {
  'chelsea.panel': ['examples/chelsea.png', ...ofDeit],
  'chelsea.strip': ['examples/chelsea.png', ...ofDeit, '--strip', 'layers'],
  'chelsea.sweep': ['examples/chelsea.png', ...ofDeit, '--sweep', 'discard-ratio=0:0.9:0.3'],
  'scene.panel': ['examples/scene.png', ...ofDemo],
  'scene.objects': ['examples/scene.png', ...ofDemo, '--objects'],
};

const root = fileURLToPath(new URL('..', import.meta.url));
for (const [name, call] of Object.entries(pictures)) {
  const out = mkdtempSync(join(tmpdir(), 'vitrine-docs-'));
  // The same device wherever this is run.
  const args = ['dist/bin/main.cjs', 'explain', ...call, '--device', 'native', '--out', out];
  execFileSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const drawn = join(
    out,
    readdirSync(out).find((file) => file.endsWith('.png')),
  );
  // With fewer colours, so that nobody downloads megabytes to read.
  await sharp(drawn)
    .png({ palette: true, effort: 10 })
    .toFile(join(root, 'docs', `${name}.png`));
  rmSync(out, { recursive: true });
}
