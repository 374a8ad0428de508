// Bundles the command into one CommonJS file: finding, reading and linking some hundred modules one by one is a fifth of
// the time that explaining a picture takes, start to end. So are the threads of batches, each of which takes 8 MB less that way.
// What is large or has binaries stays a package of its own, loaded when it is needed.
import { build } from 'esbuild';
import { rmSync } from 'node:fs';

rmSync('dist/bin', { recursive: true, force: true });
await build({
  entryPoints: [
    'src/cli/main.ts',
    ...['engine', 'pictures'].map((name) => `src/batch/crew/${name}-thread.ts`),
  ],
  entryNames: '[name]',
  outdir: 'dist/bin',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
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
  logLevel: 'warning',
});
