// Bundles the command into one script: finding, reading and linking some hundred modules one by one is a fifth of
// the time that explaining a picture takes, start to end. So are the threads of batches, each of which takes 8 MB less that way.
// What is large or has binaries stays a package of its own, loaded when it is needed.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';

const folder = 'dist/bin';

/** What stays a package of its own. */
const external = [
  ...['sharp', 'webgpu', '@huggingface/hub', '@zip.js/zip.js', 'undici', 'sixel'],
  // For batches alone.
  ...['tar', 'tinyglobby', 'csv-parse', 'hyparquet-writer', 'bullmq', 'ioredis', 'pg', '@aws-sdk/client-s3'],
];

/** @param options of esbuild, beside those that all have in common */
function bundle(options) {
  return build({
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external,
    // CommonJS has no import.meta.
    define: { 'import.meta.url': 'moduleUrl' },
    banner: { js: moduleUrl },
    logLevel: 'warning',
    ...options,
  });
}

const moduleUrl = "const moduleUrl = require('node:url').pathToFileURL(__filename).href;";

/** The command as a function of what a module has, since it is no module: see src/cli/start.ts. */
async function bundleCommand() {
  const { outputFiles } = await bundle({
    entryPoints: { command: 'src/cli/main.ts' },
    banner: { js: `(function (require, importPackage, __filename, __dirname, commandDigest) {${moduleUrl}` },
    footer: { js: '})' },
    write: false,
  });
  // Nor does what V8 kept of a script know how to import. No name of the bundle's is that one.
  return outputFiles[0].text.replaceAll('import("', 'importPackage("');
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const command = await bundleCommand();
writeFileSync(`${folder}/command.cjs`, command);
const digest = createHash('sha256').update(command).digest('hex').slice(0, 16);
await bundle({
  entryPoints: { main: 'src/cli/start.ts' },
  define: { digest: JSON.stringify(digest) },
  banner: {},
});
await bundle({ entryPoints: ['engine', 'pictures'].map((name) => `src/batch/crew/${name}-thread.ts`) });
