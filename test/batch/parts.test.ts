import { expect, test } from '@jest/globals';
import { Parts } from '../../src/batch/results/parts.js';
import type { Shelf } from '../../src/batch/results/shelf.js';

/** Files in memory, in a place that may be full. */
function shelfInMemory(): { readonly shelf: Shelf; isFull: boolean; readonly files: Map<string, string> } {
  const files = new Map<string, string>();
  const state = {
    isFull: false,
    files,
    shelf: {
      list: () => Promise.resolve([...files.keys()]),
      read: (name: string) => Promise.resolve(Buffer.from(files.get(name)!)),
      write(name: string, text: string) {
        if (state.isFull) return Promise.reject(new Error('no space is left'));
        files.set(name, text);
        return Promise.resolve();
      },
    } as unknown as Shelf,
  };
  return state;
}

test('what could not be written is written the next time', async () => {
  const place = shelfInMemory();
  const parts = await Parts.open(place.shelf);
  await parts.add({ key: 'a', failure: 'first' });
  place.isFull = true;
  await expect(parts.flush()).rejects.toThrow('no space is left');
  expect(parts.has('a')).toBe(true);
  await parts.add({ key: 'b', failure: 'second' });
  await expect(parts.flush()).rejects.toThrow('no space is left');
  place.isFull = false;
  await parts.flush();
  expect(place.files.size).toBe(1);
  expect(await parts.get('a')).toEqual({ key: 'a', failure: 'first' });
  const others = await Parts.open(place.shelf);
  expect(await others.get('b')).toEqual({ key: 'b', failure: 'second' });
});

test('what failed in passing is there until something better is, whichever file is read first', async () => {
  for (const failure of ['share is away', 'disk is away', 'host is away']) {
    const place = shelfInMemory();
    const parts = await Parts.open(place.shelf);
    await parts.add({ key: 'a', failure, isPassing: true });
    await parts.flush();
    expect([parts.has('a'), parts.failureOf('a')]).toEqual([false, failure]);
    const explained = { key: 'a', width: 1, height: 1, predictions: [], maps: [] };
    await parts.add(explained);
    await parts.add({ key: 'a', failure: 'again', isPassing: true });
    await parts.flush();
    for (const each of [parts, await Parts.open(place.shelf)]) {
      expect([each.has('a'), each.failureOf('a')]).toEqual([true, undefined]);
      expect(await each.get('a')).toEqual(explained);
    }
  }
});
