import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parseStudy } from '../../src/cli/study/plan.js';
import { parseRecipe, settingRows, trainSettings } from '../../src/train/index.js';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test.each(['fashion-mnist', 'pictures'])('the example %s is a configuration', (name) => {
  const recipe = parseRecipe(read(`recipes/${name}/config.json`), name);
  expect(recipe.data.set).toBe(name);
});

test.each(['config', 'guide'])('the study %s is one', (name) => {
  const plan = parseStudy(read(`recipes/study/${name}.json`), name);
  expect(plan.runs).toHaveLength(plan.variations.length * plan.seeds.length);
});

test('the study of parts varies one at a time, of the baseline that it names', () => {
  const { runs, seeds } = parseStudy(read('recipes/study/config.json'), 'config');
  expect(seeds).toHaveLength(3);
  const [{ recipe }, ...others] = runs.slice(0, runs.length / 3);
  const { width, depth, heads, positions } = recipe.model;
  expect({ width, depth, heads, positions }).toEqual({ width: 32, depth: 4, heads: 4, positions: 'sin-cos' });
  const varied = others.map(({ of, recipe: { model } }) => {
    const values = { ...model, 'width per head': model.width / model.heads, blocks: model.depth };
    return `${of} ${String({ ...values, norms: model.norm }[of as keyof typeof values])}`;
  });
  expect(varied).toEqual([
    ...['positions learned', 'positions integer', 'blocks 1', 'blocks 2', 'blocks 8'],
    ...['heads 1', 'heads 2', 'heads 8', 'width per head 4', 'width per head 16', 'width per head 32'],
    ...['residuals false', 'norms none'],
  ]);
});

test('examples ship with the package', () => {
  const { files } = JSON.parse(read('package.json')) as { files: string[] };
  expect(files).toEqual(
    expect.arrayContaining([
      'recipes/fashion-mnist',
      'recipes/pictures',
      'recipes/study',
      'docs/configuration.md',
    ]),
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
