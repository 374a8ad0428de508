/** Fuzzes one format in a process of its own, whose memory is measured and which may be ended. */
import { openSync, writeSync } from 'node:fs';
import { VitrineError } from '../../src/errors.js';
import { generator } from '../support/random.js';
import { formats } from './formats.js';

const [name, seedText, firstText, secondsText, casesText, note] = process.argv.slice(2);
const [seed, first, seconds, cases] = [seedText, firstText, secondsText, casesText].map(Number);

/** Processor seconds and bytes that a case may take. */
const LONGEST = 1;
const MOST = 2 ** 30;

const { make, read } = formats[name];
// Which case is worked on, for whoever must end this process.
const file = openSync(note, 'w');
const end = performance.now() + 1000 * seconds;

function report(kind: string, number: number, detail: string): never {
  console.log(
    JSON.stringify({ kind, number, detail, bytes: make(generator(seed + number)).toString('base64') }),
  );
  process.exit(1);
}

let number = first;
for (; number < first + cases && performance.now() < end; number++) {
  writeSync(file, `${number}\n`, 0);
  const bytes = make(generator(seed + number));
  const before = process.cpuUsage();
  try {
    await read(bytes);
  } catch (error) {
    if (!(error instanceof VitrineError)) report('crash', number, (error as Error).stack ?? String(error));
  }
  const { user, system } = process.cpuUsage(before);
  if ((user + system) / 1e6 > LONGEST) report('hang', number, `${(user + system) / 1e6} s of the processor`);
  const { maxRSS } = process.resourceUsage();
  if (maxRSS * 1024 > MOST) report('memory', number, `${Math.round(maxRSS / 1024)} MiB`);
}
console.log(JSON.stringify({ kind: 'done', number: number - first }));
