// Writes src/report/html/bundled.ts: the script and the style of the page that `explain --html` writes, of the sources in
// src/report/html/page. What is written is committed, so that neither tests nor whoever installs the package bundles anything. With
// --check it only says whether it is what it should be.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = new URL('src/report/html/', import.meta.url);
const path = new URL('bundled.ts', folder);

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('page/main.ts', folder))],
  bundle: true,
  write: false,
  format: 'iife',
  target: 'es2022',
  charset: 'ascii',
  // What it says in comments is in the sources; its lines are kept, so that a change of them is one.
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
});
// An element ends at its closing tag, wherever that stands.
const script = withoutPaths(outputFiles[0].text).replaceAll('</', '<\\/');
const style = readFileSync(new URL('page/page.css', folder), 'utf8');

const text = `// Written by bundle-report.js: "npm run build:report" does it again.
${constant('script', script)}
${constant('style', style)}
/** By which a page's policy knows them. */
export const digests = { script: '${digestOf(script)}', style: '${digestOf(style)}' };
`;

if (!process.argv.includes('--check')) {
  writeFileSync(path, text);
} else if (text !== readFileSync(path, 'utf8')) {
  console.error(
    'src/report/html/bundled.ts is not made of the sources beside it: run "npm run build:report".',
  );
  process.exitCode = 1;
}

/** A text, line by line. */
function constant(name, content) {
  const lines = content.split('\n').map((line) => `  ${JSON.stringify(line)},`);
  return `export const ${name} = () => [\n${lines.join('\n')}\n].join('\\n');`;
}

/** Comments with the paths of sources, which say where the package was bundled. */
function withoutPaths(content) {
  return content.replace(/^\s*\/\/ .*\n/gm, '');
}

function digestOf(content) {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}
