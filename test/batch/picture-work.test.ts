import { afterAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Crew } from '../../src/batch/crew/crew.js';
import type { Item } from '../../src/batch/inputs/item.js';
import { Parts } from '../../src/batch/results/parts.js';
import { failureInWords, failureOf } from '../../src/batch/results/record.js';
import { shelfAt } from '../../src/batch/results/shelf.js';
import { MemoryError } from '../../src/node/pictures/refusals.js';
import { workOn, type Done, type Work } from '../../src/batch/work/work.js';

/* What is done with each picture, by threads that do what a test needs of them. */

const root = mkdtempSync(join(tmpdir(), 'vitrine-picture-work-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const items = ['sound', 'fatal', 'unlucky'].map((text): Item => {
  const path = join(root, `${text}.png`);
  writeFileSync(path, text);
  return { name: text, place: { kind: 'file', path } };
});

async function worked(
  those: readonly Item[],
  crew: Partial<Crew>,
  isSuspect: Work['isSuspect'] = () => false,
  shelf = shelfAt(mkdtempSync(join(root, 'out-'))),
) {
  const parts = await Parts.open(shelf);
  const told: Done[] = [];
  const work = {
    plan: { model: {}, formats: ['png'] } as unknown as Work['plan'],
    labels: [],
    maps: [],
    parts,
    shelf,
    crew: () => Promise.resolve(crew as Crew),
    isSuspect,
    signal: new AbortController().signal,
    tell: (done: Done) => told.push(done),
  };
  const entries = await workOn(those, work);
  return { shelf, parts, entries, told: Object.fromEntries(told.map(({ item, how, failure }) => [item.name, failure ?? how])) }; // prettier-ignore
}

const ended = (): Promise<never> => Promise.reject(new Error('the thread that worked on it has ended'));

test('a picture at whose drawing all that draws ends fails alone', async () => {
  const nameOf = (picture: unknown): string => (picture as { name: string }).name;
  const crew = {
    prepare: (_: unknown, name: string) =>
      Promise.resolve({ width: 1, height: 1, forms: [], picture: { name } }),
    measure: () => Promise.resolve(1),
    capacity: 3,
    runs: 1,
    explain: () => Promise.resolve([{ predictions: [], maps: [], drawn: [] }]),
    draw: (picture: unknown, _: unknown, alone: boolean) =>
      nameOf(picture) === (alone ? 'unlucky' : 'sound') ? Promise.resolve([]) : ended(),
  } as unknown as Crew;
  const { told, parts, entries } = await worked(items, crew);
  expect(told).toEqual({
    sound: 'explained',
    fatal: 'fatal cannot be drawn: the thread that worked on it has ended.',
    unlucky: 'explained',
  });
  // It is listed, and may be tried another time.
  const { key = '' } = entries[1];
  expect([parts.has(key), parts.failureOf(key)]).toEqual([
    false,
    '{picture} cannot be drawn: the thread that worked on it has ended.',
  ]);
});

test('after a process was lost, pictures are read where they can harm no other, and twice before one is blamed', async () => {
  const read: string[] = [];
  const crew = {
    prepare(_: unknown, name: string, __: unknown, alone: boolean) {
      read.push(`${name}${alone ? ' alone' : ''}`);
      if (name === 'fatal') return ended();
      return Promise.resolve({ width: 1, height: 1, forms: [] });
    },
    measure: () => Promise.resolve(1),
    capacity: 3,
    runs: 1,
    explain: () => Promise.resolve([{ predictions: [], maps: [] }]),
  } as unknown as Crew;
  const { told, shelf } = await worked(items, crew, ({ name }) => name !== 'unlucky');
  expect(told).toEqual({
    sound: 'explained',
    fatal: 'fatal cannot be decoded: the thread that worked on it has ended.',
    unlucky: 'explained',
  });
  expect(read.sort()).toEqual(['fatal alone', 'fatal alone', 'sound alone', 'unlucky']);
  // Whoever comes next tries it again, and knows what it may do.
  read.length = 0;
  await worked(items, crew, undefined, shelf);
  expect(read).toEqual(['fatal alone', 'fatal alone']);
});

test('a picture for which there is too little memory is read alone, and not given up for good', async () => {
  const tight = (_: unknown, name: string, __: unknown, alone = false) =>
    name === 'sound' || (name === 'unlucky' && alone)
      ? Promise.resolve({ width: 1, height: 1, forms: [] })
      : Promise.reject(new MemoryError(`${name} takes more memory than there is.`));
  const crew = {
    prepare: tight,
    measure: () => Promise.resolve(1),
    capacity: 3,
    runs: 1,
    explain: () => Promise.resolve([{ predictions: [], maps: [] }]),
  } as unknown as Crew;
  const { told, parts, entries } = await worked(items, crew);
  expect(told).toEqual({
    sound: 'explained',
    fatal: 'fatal takes more memory than there is.',
    unlucky: 'explained',
  });
  expect(entries.map(({ key = '' }) => parts.has(key))).toEqual([true, false, true]);
});

test('a picture that was changed since its result was named is not explained', async () => {
  const { entries, told } = await worked([{ ...items[0], key: 'another' }], {});
  const failure = 'sound was changed after it had been submitted.';
  expect(told).toEqual({ sound: failure });
  expect(entries).toEqual([{ name: 'sound', failure }]);
});

test('a failure names pictures that are called after money', () => {
  const failed = failureOf('key', 'photo.png is damaged', 'photo.png');
  expect(failureInWords(failed, "$&$'.png")).toBe("$&$'.png is damaged");
});
