import { describe, expect, jest, test } from '@jest/globals';
import { forEachPicture, type Round } from '../../src/cli/evaluation/each-picture.js';
import { DeviceError, ImageError, UsageError } from '../../src/errors.js';

const maps = [{ object: 0, class: 1, method: 'rollout', values: { energy: 0.5 } }];

/** A round over pictures a, b and c, with what became of it. */
function round(own: Partial<Round<string>>) {
  const names = ['a', 'b', 'c'];
  const added: string[] = [];
  const skipped = new Map<string, string>();
  const all: Round<string> = {
    part: 'maps',
    names,
    read: (place) => Promise.resolve(names[place]),
    measure: () => Promise.resolve(maps),
    results: {
      has: () => false,
      add: (_part, name) => {
        added.push(name);
        return Promise.resolve();
      },
    },
    progress: { advance: () => undefined },
    signal: new AbortController().signal,
    skipped,
    ...own,
  };
  return { added, skipped, done: forEachPicture(all) };
}

const failing = (error: Error) => (name: string) =>
  name === 'b' ? Promise.reject(error) : Promise.resolve(maps);

describe('going over pictures', () => {
  test('one that cannot be measured is left out', async () => {
    const told = jest.spyOn(console, 'error').mockReturnValue();
    const { added, skipped, done } = round({ measure: failing(new ImageError('its mask is empty.')) });
    await done;
    expect(added).toEqual(['a', 'c']);
    expect([...skipped]).toEqual([['b', 'its mask is empty.']]);
    expect(told).toHaveBeenCalledTimes(1);
    told.mockRestore();
  });

  test('a device that fails is no fault of the picture', async () => {
    const { added, skipped, done } = round({ measure: failing(new DeviceError('The device was lost.')) });
    await expect(done).rejects.toThrow(DeviceError);
    expect(added).toEqual(['a']);
    expect(skipped.size).toBe(0);
  });

  test('nor are results that cannot be written', async () => {
    const add = () => Promise.reject(new UsageError('Cannot write results.jsonl: the disk is full.'));
    const { skipped, done } = round({ results: { has: () => false, add } });
    await expect(done).rejects.toThrow(/^Cannot write/);
    expect(skipped.size).toBe(0);
  });

  test('what is there already is not read', async () => {
    const read = jest.fn((place: number) => Promise.resolve('abc'[place]));
    const { done } = round({
      read,
      results: { has: (_, name) => name !== 'b', add: () => Promise.resolve() },
    });
    await done;
    expect(read.mock.calls).toEqual([[1]]);
  });

  test('others are measured meanwhile, and added behind it', async () => {
    const [begun, finish] = [[] as string[], new Map<string, () => void>()];
    const measure = (name: string) =>
      new Promise<typeof maps>((resolve) => {
        begun.push(name);
        finish.set(name, () => {
          resolve(maps);
        });
      });
    const { added, done } = round({ measure });
    const settled = () => new Promise((resolve) => setImmediate(resolve));
    await settled();
    expect(begun).toEqual(['a', 'b', 'c']);
    finish.get('b')!();
    await settled();
    expect(added).toEqual([]);
    finish.get('a')!();
    await settled();
    expect(added).toEqual(['a', 'b']);
    finish.get('c')!();
    await done;
    expect(added).toEqual(['a', 'b', 'c']);
  });

  test('one is read at a time, and no more than twelve are begun', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `picture ${i}`);
    let [underWay, most, reading, mostRead] = [0, 0, 0, 0];
    const read = async (place: number) => {
      mostRead = Math.max(mostRead, ++reading);
      await new Promise((resolve) => setImmediate(resolve));
      reading--;
      return names[place];
    };
    const measure = async () => {
      most = Math.max(most, ++underWay);
      // Longer than twelve take to be read.
      await new Promise((resolve) => setTimeout(resolve, 300));
      underWay--;
      return maps;
    };
    const { added, done } = round({ names, read, measure });
    await done;
    expect(added).toEqual(names);
    expect([most, mostRead]).toEqual([12, 1]);
  });

  test('what fails is told of once all is still', async () => {
    const finish: (() => void)[] = [];
    const measure = (name: string) =>
      name === 'a'
        ? Promise.reject(new DeviceError('The device was lost.'))
        : new Promise<typeof maps>((resolve) => {
            finish.push(() => {
              resolve(maps);
            });
          });
    let isOver = false;
    const { done } = round({ measure });
    const over = done.catch((error: unknown) => {
      isOver = true;
      return error;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).toBe(false);
    for (const one of finish) one();
    expect(await over).toBeInstanceOf(DeviceError);
  });
});
