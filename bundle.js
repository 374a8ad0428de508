// Bundles the command into one CommonJS file: finding, reading and linking some hundred modules one by one is a fifth of
// the time that explaining a picture takes, start to end. So are the threads of batches, each of which takes 8 MB less that way.
// What is large or has binaries stays a package of its own, loaded when it is needed.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';

const folder = 'dist/bin';

/** @param options of esbuild, beside those that all have in common */
function bundle(options) {
  return build({
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'warning',
    ...options,
  });
}

rmSync(folder, { recursive: true, force: true });
await bundle({
  entryPoints: {
    command: 'src/cli/main.ts',
    ...Object.fromEntries(
      ['engine-thread', 'pictures-thread'].map((name) => [name, `src/batch/crew/${name}.ts`]),
    ),
  },
  external: [
    ...['sharp', 'webgpu', '@huggingface/hub', '@zip.js/zip.js', 'undici', 'sixel'],
    // For batches alone.
    ...[
      'tar',
      'tinyglobby',
      'csv-parse',
      'hyparquet-writer',
      'bullmq',
      'ioredis',
      'pg',
      '@aws-sdk/client-s3',
    ],
  ],
  // CommonJS has no import.meta.
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
});
const digest = createHash('sha256')
  .update(readFileSync(`${folder}/command.cjs`))
  .digest('hex')
  .slice(0, 16);
await bundle({ entryPoints: { main: 'src/cli/start.ts' }, define: { digest: JSON.stringify(digest) } });
