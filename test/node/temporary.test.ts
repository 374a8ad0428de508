import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { writeFileAtomically } from '../../src/node/index.js';
import { formatWriter, parseWriter, stateOf, thisWriter } from '../../src/node/files/writer.js';
import { Holder } from '../support/holder.js';

let folder: string;
const holders: Holder[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-temporary-'));
});
afterEach(async () => {
  await Promise.all(holders.splice(0).map((holder) => holder.kill()));
  await rm(folder, { recursive: true });
});

async function holder(): Promise<Holder> {
  const started = await Holder.start(folder);
  holders.push(started);
  return started;
}

describe('a process', () => {
  test('is known by its name until it has ended', async () => {
    const other = await holder();
    const writer = parseWriter(other.name)!;
    expect(writer.pid).toBe(other.pid);
    expect([stateOf(writer), stateOf(thisWriter())]).toEqual(['alive', 'alive']);
    await other.kill();
    expect([stateOf(writer), stateOf(thisWriter())]).toEqual(['dead', 'alive']);
  });

  test('is not taken for the one that has its number now', () => {
    const { started } = thisWriter();
    expect(stateOf({ ...thisWriter(), started: started + 1 })).toBe('dead');
  });

  test('has ended when it is listed only because nobody took notice', async () => {
    const parent = spawn('sh', ['-c', 'sleep 0.01 & echo $!; exec sleep 60']);
    try {
      const lines = createInterface({ input: parent.stdout })[Symbol.asyncIterator]();
      const pid = Number(((await lines.next()) as { value: string }).value);
      const fields = (): string[] => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
      const writer = { ...thisWriter(), pid, started: Number(fields()[19]) };
      while (fields()[0] !== 'Z') await new Promise((resolve) => setTimeout(resolve, 5));
      expect(stateOf(writer)).toBe('dead');
    } finally {
      parent.kill('SIGKILL');
    }
  });

  test('of another machine, or of another start of this one, cannot be asked', () => {
    expect(stateOf({ ...thisWriter(), host: 'elsewhere' })).toBe('unknown');
    expect(stateOf({ ...thisWriter(), system: '0123456789' })).toBe('unknown');
  });

  test('has a name that a file can have, and that comes back', () => {
    const name = formatWriter(thisWriter());
    expect(name).toMatch(/^[\w.-]{1,100}$/);
    expect(parseWriter(name)).toEqual(thisWriter());
    for (const other of ['', 'notes', '12-13-xyz-host', `${name}/..`])
      expect(parseWriter(other)).toBe(undefined);
  });
});

describe('what is half-written', () => {
  test('by a process that was killed is gone after the next writing, and what a live one writes is not', async () => {
    const [killed, live] = [await holder(), await holder()];
    const [file, inFolder, current] = [
      await killed.ask('file'),
      await killed.ask('folder'),
      await live.ask('file'),
    ];
    await killed.kill();
    const theirs = [
      '.vitrine-notes.tmp',
      'vitrine.tmp',
      '.vitrine-',
      basename(file).replace('.vitrine-', '.other-'),
    ];
    for (const name of theirs) await writeFile(join(folder, name), '');
    expect([file, inFolder, current].map(existsSync)).toEqual([true, true, true]);
    await writeFileAtomically(join(folder, 'result'), 'whole');
    expect((await readdir(folder)).sort()).toEqual([...theirs, 'result', basename(current)].sort());
  });

  test('is gone when a process exits in the middle of it', async () => {
    const other = await holder();
    const paths = [await other.ask('file'), await other.ask('folder')];
    expect(paths.map(existsSync)).toEqual([true, true]);
    await other.exit();
    expect(await readdir(folder)).toEqual([]);
  });

  test('on another machine is left for a day', async () => {
    const here = formatWriter(thisWriter());
    const elsewhere = here.replace(/[^-]*$/, 'elsewhere');
    const names = ['fresh', 'old'].map((_, i) => `.vitrine-${elsewhere}-${`0${i}`.repeat(4)}.tmp`);
    const own = `.vitrine-${here}-01234567.tmp`;
    const longAgo = new Date(Date.now() - 25 * 3600 * 1000);
    for (const name of [...names, own]) await writeFile(join(folder, name), '');
    for (const name of [names[1], own]) await utimes(join(folder, name), longAgo, longAgo);
    await writeFileAtomically(join(folder, 'result'), 'whole');
    expect((await readdir(folder)).sort()).toEqual([names[0], own, 'result'].sort());
  });
});
