import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { UsageError } from '../../src/errors.js';
import type { DataSet } from '../../src/node/datasets/data-set.js';
import { layouts, openDataSet } from '../../src/node/datasets/open.js';
import { readPicture, writePng } from '../../src/node/pictures/read.js';

const root = mkdtempSync(join(tmpdir(), 'vitrine-datasets-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

let folder = root;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'set-'));
});

type Colour = readonly [red: number, green: number, blue: number];
const grey = (value: number): Colour => [value, value, value];
const [black, white] = [grey(0), grey(255)];

/** A picture of one row. */
async function put(name: string, ...pixels: readonly Colour[]): Promise<void> {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  await writePng(path, { width: pixels.length, height: 1, data: Uint8Array.from(pixels.flat()) });
}

function write(name: string, content: unknown): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
}

/** Names, classes and masks, those as numbers. */
async function contents({ pictures }: DataSet) {
  return Promise.all(
    pictures.map(async ({ name, objects, trouble }) => ({
      name,
      ...(trouble === undefined ? {} : { trouble }),
      objects: await Promise.all(
        objects.map(async ({ class: of, mask }) => ({
          class: of,
          mask: mask && Array.from(mask.reading(await readPicture(mask.path)).values),
        })),
      ),
    })),
  );
}

const found = async () => contents(await openDataSet(folder));

describe('index.json', () => {
  test('pictures with their objects, each a class and a mask of its own', async () => {
    await put('a.png', black, white);
    await put('a.mask.png', black, white);
    await put('soft.png', grey(51), white);
    await put('b.png', black);
    write('index.json', {
      what: 'anything else is let be',
      items: [
        {
          image: 'a.png',
          objects: [
            { class: 281, mask: 'a.mask.png', source: 'x' },
            { class: 'dog', mask: 'soft.png' },
          ],
        },
        { image: 'b.png' },
      ],
    });
    const [first, second] = await found();
    expect(first.objects.map((object) => object.class)).toEqual([281, 'dog']);
    expect(first.objects[0].mask).toEqual([0, 1]);
    expect(first.objects[1].mask![0]).toBeCloseTo(0.2, 6);
    expect(second).toEqual({ name: 'b.png', objects: [] });
  });

  test('a picture that is listed twice is one, with the objects of both', async () => {
    for (const name of ['a.png', 'b.png', 'left.png', 'right.png']) await put(name, white, black);
    write('index.json', {
      items: [
        { image: 'a.png', objects: [{ class: 1, mask: 'left.png' }] },
        { image: 'b.png' },
        { image: './a.png', objects: [{ class: 2, mask: 'right.png' }] },
      ],
    });
    expect((await found()).map(({ name, objects }) => [name, objects.map((object) => object.class)])).toEqual(
      [
        ['a.png', [1, 2]],
        ['b.png', []],
      ],
    );
  });

  test('a file that it names and that is not there is told of, and the others are taken', async () => {
    await put('a.png', black);
    await put('c.png', black);
    write('index.json', {
      items: [
        { image: 'a.png', objects: [{ class: 1, mask: 'gone.png' }] },
        { image: 'b.png' },
        { image: 'c.png' },
      ],
    });
    const { pictures } = await openDataSet(folder);
    expect(pictures.map(({ trouble }) => trouble)).toEqual([
      'index.json names gone.png, which is not there',
      'index.json names b.png, which is not there',
      undefined,
    ]);
  });

  test.each([
    ['{ "items": [', /is no JSON: it ends too early/],
    ['[]', /is no list of pictures: items is not as in/],
    ['{ "items": [{ "image": 3 }] }', /items\.0\.image is not as in/],
  ])('%s is no list', async (text, message) => {
    write('index.json', text);
    await expect(openDataSet(folder)).rejects.toThrow(message);
    await expect(openDataSet(folder)).rejects.toThrow(UsageError);
  });
});

test.each([
  ['index.json', ['index.json'], 'it is a folder, not a file'],
  ['classes.json', ['images', 'masks', 'classes.json'], 'it is a folder, not a file'],
])('a folder called %s is said to be none', async (name, folders, why) => {
  for (const one of folders) mkdirSync(join(folder, one));
  await expect(openDataSet(folder)).rejects.toThrow(`${join(folder, name)}: ${why}.`);
  await expect(openDataSet(folder)).rejects.toThrow(UsageError);
});

test('a file called masks, too', async () => {
  await put('images/a.png', black);
  write('masks', '');
  await expect(openDataSet(folder)).rejects.toThrow(
    `Cannot read the folder ${join(folder, 'masks')}: a part of the path is not a folder.`,
  );
});

describe('images and masks', () => {
  test('one file an object, beside each other or in a folder, the class in the name', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await put(`images/${name}.png`, black, white);
    await put('masks/a.tabby.png', white, black);
    await put('masks/a.207.png', black, white);
    await put('masks/b/lynx.png', black, white);
    await put('masks/c.png', black, white);
    expect(await found()).toEqual([
      {
        name: 'images/a.png',
        objects: [
          { class: '207', mask: [0, 1] },
          { class: 'tabby', mask: [1, 0] },
        ],
      },
      { name: 'images/b.png', objects: [{ class: 'lynx', mask: [0, 1] }] },
      { name: 'images/c.png', objects: [{ class: undefined, mask: [0, 1] }] },
      { name: 'images/d.png', objects: [], trouble: 'there is no mask for it' },
    ]);
  });

  test('a mask belongs to the picture with the longest name that it begins with', async () => {
    for (const name of ['a', 'a.b', 'a.bc']) await put(`images/${name}.png`, black, white);
    await put('masks/a.b.tabby.png', white, black);
    await put('masks/a.lynx.png', black, white);
    await put('masks/a.bc.png', black, white);
    expect(await found()).toEqual([
      { name: 'images/a.b.png', objects: [{ class: 'tabby', mask: [1, 0] }] },
      { name: 'images/a.bc.png', objects: [{ class: undefined, mask: [0, 1] }] },
      { name: 'images/a.png', objects: [{ class: 'lynx', mask: [0, 1] }] },
    ]);
  });

  test('a mask of 0 and 1 says the same as one of black and white', async () => {
    await put('images/a.png', black, white, black);
    await put('masks/a.png', black, grey(1), grey(2));
    expect((await found())[0].objects).toEqual([{ class: undefined, mask: [0, 1, 1] }]);
  });

  test('a colour a class, as classes.json says; a colour that it does not name is told of', async () => {
    for (const name of ['a', 'b', 'c']) await put(`images/${name}.png`, black, white, black);
    await put('masks/a.png', [255, 0, 0], black, [0, 0, 255]);
    await put('masks/b.png', [255, 0, 0], [1, 2, 3], black);
    await put('masks/c.png', black, black, black);
    write('classes.json', { '#ff0000': 'tabby', '#0000FF': 207 });
    const [a, b, c] = await found();
    expect(a.objects).toEqual([
      { class: 207, mask: [0, 0, 1] },
      { class: 'tabby', mask: [1, 0, 0] },
    ]);
    expect(b.trouble).toBe("its mask has the colour #010203, which is no class's");
    expect(c.trouble).toBe('its mask is empty');
  });

  test('a classes.json that is not like that is refused', async () => {
    await put('images/a.png', black);
    await put('masks/a.png', white);
    write('classes.json', { red: 'tabby' });
    await expect(openDataSet(folder)).rejects.toThrow(
      '"red" is not as in { "#ff0000": "tabby", "#0000ff": 207 }.',
    );
  });
});

test('Oxford-IIIT Pet: breeds by the name of the file, of a trimap the animal and half of its border', async () => {
  await put('images/great_pyrenees_12.png', black, black, black);
  await put('images/Egyptian_Mau_1.png', black);
  await put('annotations/trimaps/great_pyrenees_12.png', grey(1), grey(2), grey(3));
  expect(await found()).toEqual([
    { name: 'images/Egyptian_Mau_1.png', objects: [], trouble: 'there is no trimap for it' },
    { name: 'images/great_pyrenees_12.png', objects: [{ class: 'great pyrenees', mask: [1, 0, 0.5] }] },
  ]);
});

test('PASCAL VOC: classes by their colours, what nobody decided being none; the list of the set decides', async () => {
  for (const name of ['one', 'two', 'three']) await put(`JPEGImages/${name}.png`, black, black, black);
  // A cat is number 8, a dog number 12.
  await put('SegmentationClass/one.png', [64, 0, 0], [64, 0, 128], [224, 224, 192]);
  await put('SegmentationClass/two.png', [192, 128, 128], black, black);
  await put('SegmentationClass/lost.png', [64, 0, 0]);
  const [lost, one, two] = await found();
  expect(lost).toEqual({ name: 'lost.png', objects: [], trouble: 'there is no picture to this mask' });
  expect(one.objects).toEqual([
    { class: 'cat', mask: [1, 0, 0] },
    { class: 'dog', mask: [0, 1, 0] },
  ]);
  expect(two.objects).toEqual([{ class: 'person', mask: [1, 0, 0] }]);
  write('ImageSets/Segmentation/val.txt', 'one\n');
  expect((await found()).map(({ name }) => name)).toEqual(['JPEGImages/one.png']);
  write('ImageSets/Segmentation/val.txt', 'three\none\nnowhere\n');
  const trouble = 'there is no mask for it';
  expect((await found()).slice(1)).toEqual([
    { name: 'JPEGImages/three.png', objects: [], trouble },
    { name: 'JPEGImages/nowhere', objects: [], trouble },
  ]);
});

test('ImageNet-S: classes by their folders, masks by numbers', async () => {
  await put('validation/n02123045/a.png', black, black, black, black);
  await put('validation/n02123045/b.png', black);
  // Number 300, and 1000 for what is not known.
  await put('validation-segmentation/n02123045/a.png', [44, 1, 0], black, [232, 3, 0], [1, 0, 0]);
  expect(await found()).toEqual([
    { name: 'validation/n02123045/a.png', objects: [{ class: 'n02123045', mask: [1, 0, 0, 1] }] },
    { name: 'validation/n02123045/b.png', objects: [], trouble: 'there is no mask for it' },
  ]);
});

describe('any other folder', () => {
  test('its pictures and those below it, in one order, without what is hidden or no picture', async () => {
    await put('b.png', black);
    await put('a/c.png', black);
    await put('.hidden.png', black);
    write('notes.txt', 'x');
    expect(await found()).toEqual([
      { name: 'a/c.png', objects: [] },
      { name: 'b.png', objects: [] },
    ]);
  });

  test('what is a result, and no picture of the set, is left out', async () => {
    await put('b.png', black);
    await put('out/chart.png', black);
    const { pictures } = await openDataSet(folder, (path) => path === join(folder, 'out', 'chart.png'));
    expect(pictures.map(({ name }) => name)).toEqual(['b.png']);
  });

  test('without a picture, or no folder at all, it is refused', async () => {
    await expect(openDataSet(folder)).rejects.toThrow(/holds no picture; give one that does: --data DIR\.$/);
    await expect(openDataSet(join(folder, 'none'))).rejects.toThrow(/^There is no folder .*none; give one/);
    expect(layouts.at(-1)?.signs).toEqual([]);
  });
});
