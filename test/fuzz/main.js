// Gives damaged files to every reader of our own, and expects nothing worse than a sentence that refuses them: no crash, no second of
// the processor for one file, no gigabyte.
//
//   npm run fuzz                                   ten seconds of each format
//   npm run fuzz -- --seconds 600 png torch-zip    longer, of some
//   npm run fuzz -- --cases 1000000                so many files of each, however long that takes
//   npm run fuzz -- --seed 7 --first 123 --cases 1 png     one case again
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { build } from 'esbuild';

const cache = 'node_modules/.cache/vitrine/fuzz';
mkdirSync(cache, { recursive: true });
const bundle = async (/** @type {string} */ entry) => {
  const outfile = join(cache, entry.replace('.ts', '.mjs'));
  await build({
    entryPoints: [`test/fuzz/${entry}`],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['sharp', 'pngjs', '@zip.js/zip.js', 'tar', '@jest/globals'],
    logLevel: 'warning',
  });
  return outfile;
};
const one = await bundle('fuzz-one.ts');
const { formats } = await import(join(process.cwd(), await bundle('formats.ts')));

const given = process.argv.slice(2);
const numberOf = (/** @type {string} */ name, /** @type {number} */ usual) => {
  const at = given.indexOf(`--${name}`);
  if (at < 0) return usual;
  const [, text] = given.splice(at, 2);
  if (!/^\d+$/.test(text ?? '')) refuse(`--${name} is "${text}"; give a number.`);
  return Number(text);
};
const cases = numberOf('cases', Infinity);
const seconds = numberOf('seconds', cases === Infinity ? 10 : Infinity);
const first = numberOf('first', 0);
const seed = numberOf('seed', Math.floor(Math.random() * 2 ** 31));
const unknown = given.find((name) => !Object.hasOwn(formats, name));
if (unknown !== undefined)
  refuse(`There is no format "${unknown}"; choose among: ${Object.keys(formats).join(', ')}.`);

let findings = 0;
for (const name of given.length > 0 ? given : Object.keys(formats)) {
  const note = join(cache, `${name}.case`);
  const found = await fuzz(name, note);
  if (found.kind === 'done') {
    console.log(`${name}: ${found.number} files, all read or refused in a sentence`);
    continue;
  }
  findings++;
  console.log(`${name}: ${found.kind} at --seed ${seed} --first ${found.number} --cases 1\n${found.detail}`);
  console.log(`  the file, in base64: ${found.bytes ?? '(make it again by its number)'}`);
}
process.exit(findings === 0 ? 0 : 1);

/** Ends a process from which nothing is heard for so long: milliseconds, on a machine that has other things to do. */
function fuzz(name, note) {
  const child = spawn(process.execPath, [one, name, seed, first, seconds, cases, note].map(String), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (piece) => (output += piece));
  let last = '';
  const watch = setInterval(() => {
    const now = readNote(note);
    if (now === last) child.kill('SIGKILL');
    last = now;
  }, 60_000);
  return new Promise((resolve) => {
    child.on('close', (status, signal) => {
      clearInterval(watch);
      const line = output.trim().split('\n').at(-1);
      if (line) return resolve(JSON.parse(line));
      const detail = signal === 'SIGKILL' ? 'no end' : `the process ended with ${signal ?? status}`;
      resolve({ kind: 'crash', number: readNote(note), detail });
    });
  });
}

function readNote(note) {
  try {
    return readFileSync(note, 'utf8').split('\n')[0];
  } catch {
    return '';
  }
}

/** @returns {never} */
function refuse(/** @type {string} */ sentence) {
  console.error(sentence);
  process.exit(2);
}
