import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parseRecipe, settingRows, trainSettings } from '../../src/train/index.js';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test.each(['fashion-mnist', 'pictures'])('the example %s is a configuration', (name) => {
  const recipe = parseRecipe(read(`recipes/${name}/config.json`), name);
  expect(recipe.data.set).toBe(name);
});

test('examples ship with the package', () => {
  const { files } = JSON.parse(read('package.json')) as { files: string[] };
  expect(files).toEqual(
    expect.arrayContaining(['recipes/fashion-mnist', 'recipes/pictures', 'docs/configuration.md']),
  );
});

test('every setting says what it is, and has a row in the document', () => {
  const document = read('docs/configuration.md');
  const rows = settingRows(trainSettings);
  expect(rows.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['name', 'model.width', 'augment.crop.scale', 'cutmix', 'validationImages']),
  );
  for (const { name, help } of rows.filter((row) => row.name !== 'data')) {
    expect(help).not.toBe('');
    expect(document).toContain(`\n| \`${name}\` `);
  }
});
