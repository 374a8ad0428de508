import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlanFolder } from '../../src/node/devices/plan-folder.js';

describe('the folder of plans', () => {
  let parent: string;
  let folder: string;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'vitrine-plans-'));
    folder = join(parent, 'cache', 'plans');
  });
  afterEach(() => rm(parent, { recursive: true }));

  const opened = (maker = 'one'): PlanFolder => new PlanFolder(folder, maker);
  const files = async (): Promise<string[]> => (await readdir(folder)).map((name) => join(folder, name));

  function keep(...entries: readonly (readonly [key: string, text: string | undefined])[]): void {
    const plans = opened();
    for (const [key, text] of entries) plans.keep(key, () => text);
    plans.write();
  }

  test('gives back what was kept under a key, by the same code', () => {
    expect(opened().find('a')).toBeUndefined();
    keep(['a', '{"plan":"ä"}'], ['b', '']);
    expect(opened().find('a')).toBe('{"plan":"ä"}');
    expect(opened().find('b')).toBe('');
    expect(opened().find('c')).toBeUndefined();
    expect(opened('another').find('a')).toBeUndefined();
  });

  test('keeps nothing of what has no text, and writes once', async () => {
    keep(['a', undefined], ['b', 'plan']);
    expect(await files()).toHaveLength(1);
    const plans = opened();
    let made = 0;
    plans.keep('c', () => `plan ${++made}`);
    plans.write();
    plans.write();
    expect([made, opened().find('c')]).toEqual([1, 'plan 1']);
  });

  test('does not take what is damaged for what was written, and writes it anew', async () => {
    const text = 'a plan of some length';
    keep(['a', text]);
    const [path] = await files();
    const whole = await readFile(path, 'utf8');
    for (const damaged of [
      '',
      whole.slice(0, 30),
      whole.slice(0, -1),
      `${whole} `,
      whole.replace('some', 'same'),
    ]) {
      await writeFile(path, damaged);
      expect(opened().find('a')).toBeUndefined();
    }
    keep(['a', text]);
    expect(opened().find('a')).toBe(text);
  });

  test('forgets the oldest', async () => {
    keep(['old', 'old']);
    const [old] = await files();
    await utimes(old, 1e9, 1e9);
    keep(...Array.from({ length: 63 }, (_, i) => [`${i}`, 'plan'] as const));
    expect(opened().find('old')).toBe('old');
    keep(['new', 'new']);
    expect(await files()).toHaveLength(64);
    expect(opened().find('old')).toBeUndefined();
    expect(opened().find('new')).toBe('new');
  });

  test('is done without where there can be none', async () => {
    await writeFile(join(parent, 'cache'), 'a file');
    const plans = opened();
    expect(plans.find('a')).toBeUndefined();
    plans.keep('a', () => 'plan');
    expect(() => {
      plans.write();
    }).toThrow();
    // Nobody hears of it at the end of the process.
    expect(await readFile(join(parent, 'cache'), 'utf8')).toBe('a file');
  });
});
