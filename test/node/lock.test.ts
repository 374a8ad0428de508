import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../src/index.js';
import { takeLock } from '../../src/node/files/lock.js';
import { formatWriter, thisWriter } from '../../src/node/files/writer.js';
import { Holder } from '../support/holder.js';

let folder: string;
let lock: string;
const holders: Holder[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-lock-'));
  lock = join(folder, 'lock');
});
afterEach(async () => {
  await Promise.all(holders.splice(0).map((holder) => holder.kill()));
  await rm(folder, { recursive: true });
});

async function start(count: number): Promise<Holder[]> {
  const started = await Promise.all(Array.from({ length: count }, () => Holder.start(folder)));
  holders.push(...started);
  return started;
}
const take = (): Promise<() => void> => takeLock(lock, (holder) => `It is taken by ${holder}.`);

describe('a lock', () => {
  test('is held by one process, which others are told, until it is given back', async () => {
    const [one, two] = await start(2);
    expect(await one.ask('lock')).toBe('taken');
    expect(await two.ask('lock')).toBe(`taken by process ${one.pid}; wait until it has ended`);
    expect(await readdir(folder)).toEqual(['lock']);
    await one.ask('release');
    expect(await readdir(folder)).toEqual([]);
    expect(await two.ask('lock')).toBe('taken');
    await expect(take()).rejects.toThrow(UsageError);
    await expect(take()).rejects.toThrow(`It is taken by process ${two.pid}; wait until it has ended.`);
  });

  test('is given back when its holder exits', async () => {
    const [one] = await start(1);
    await one.ask('lock');
    await one.exit();
    expect(await readdir(folder)).toEqual([]);
  });

  test('is taken over when its holder was killed', async () => {
    const [one] = await start(1);
    await one.ask('lock');
    await one.kill();
    expect(await readdir(lock)).toEqual([one.name]);
    const release = await take();
    expect(await readdir(lock)).toEqual([formatWriter(thisWriter())]);
    release();
    release();
    expect(await readdir(folder)).toEqual([]);
  });

  test('of another machine has to be deleted by a person', async () => {
    await mkdir(lock);
    await writeFile(join(lock, '4711-12-abc-gpu7'), '');
    await expect(take()).rejects.toThrow(
      'It is taken by process 4711 on "gpu7", of which this machine cannot tell whether it still runs; ' +
        `delete ${lock} if it does not.`,
    );
    await rm(lock, { recursive: true });
    (await take())();
  });

  test('that was left half-made or by nobody known is no riddle', async () => {
    await mkdir(lock);
    (await take())();
    await mkdir(lock);
    await writeFile(join(lock, 'a file'), '');
    await expect(take()).rejects.toThrow(`It is taken by a process that is not known, of which`);
  });

  test('cannot be made where nothing can', async () => {
    await writeFile(lock, '');
    await expect(take()).rejects.toThrow(UsageError);
    await expect(take()).rejects.toThrow(/^Cannot write .*lock: a part of the path is a file/);
    await expect(takeLock(join(folder, 'none', 'lock'), String)).rejects.toThrow(
      /^Cannot write .*: its folder does not exist/,
    );
    expect(await readdir(folder)).toEqual(['lock']);
  });

  test('goes to one of many that want it at the same moment, from nobody and from the dead', async () => {
    const contenders = await start(6);
    const [dead] = await start(1);
    await dead.kill();
    for (let round = 0; round < 30; round++) {
      if (round % 2 === 1) {
        await mkdir(lock);
        await writeFile(join(lock, dead.name), '');
      }
      const answers = await Promise.all(contenders.map((each) => each.ask('lock')));
      const winner = answers.indexOf('taken');
      expect(answers.filter((answer) => answer !== 'taken')).toEqual(
        Array<string>(5).fill(`taken by process ${contenders[winner].pid}; wait until it has ended`),
      );
      await contenders[winner].ask('release');
    }
    expect(await readdir(folder)).toEqual([]);
  });
});
