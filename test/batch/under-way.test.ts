import { afterAll, expect, test } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Item } from '../../src/batch/inputs/item.js';
import { shelfAt } from '../../src/batch/results/shelf.js';
import { UnderWay } from '../../src/batch/results/under-way.js';

/* What a process that comes to an unforeseen end leaves for the next. */

const root = mkdtempSync(join(tmpdir(), 'vitrine-under-way-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const items = Array.from({ length: 600 }, (_, i): Item => ({
  name: `p${i}`,
  place: { kind: 'file', path: `/p${i}` },
}));
const suspects = (of: UnderWay): readonly string[] =>
  items.filter((item) => of.isSuspect(item)).map(({ name }) => name);

test('what was worked on, and what came next, is suspect; what was done is not', async () => {
  const shelf = shelfAt(mkdtempSync(join(root, 'out-')));
  const open = (): Promise<UnderWay> => UnderWay.open(shelf, undefined, items);
  const lost = await open();
  expect(suspects(lost)).toEqual([]);
  await Promise.all(items.slice(0, 3).map((item) => lost.enter(item)));
  const first = suspects(await open());
  expect(first).toEqual(items.slice(0, 256).map(({ name }) => name));
  for (const item of items.slice(3, 300)) {
    await lost.enter(item);
    lost.leave(item);
  }
  // The first three take longer than many others.
  expect(suspects(await open())).toEqual([
    'p0',
    'p1',
    'p2',
    ...items.slice(256, 512).map(({ name }) => name),
  ]);
  await lost.close();
  expect(suspects(await open())).toEqual([]);
});

test('processes that share a batch do not take what others left', async () => {
  const out = mkdtempSync(join(root, 'out-'));
  const shelf = shelfAt(out);
  const [one, two] = await Promise.all(
    [1, 2].map((number) => UnderWay.open(shelf, { number, of: 2 }, items)),
  );
  await one.enter(items[0]);
  await two.enter(items[500]);
  await one.close();
  const all = await UnderWay.open(shelf, undefined, items);
  expect(suspects(all)).toEqual(items.slice(500).map(({ name }) => name));
  await all.close();
  expect(existsSync(join(out, 'under-way'))).toBe(false);
});

test('names that were cut off are none', async () => {
  const out = mkdtempSync(join(root, 'out-'));
  const lost = await UnderWay.open(shelfAt(out), undefined, items);
  await lost.enter(items[0]);
  const file = join(out, 'under-way', 'all.json');
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 50));
  expect(suspects(await UnderWay.open(shelfAt(out), undefined, items))).toEqual([]);
});
