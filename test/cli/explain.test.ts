import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { demoModel, type ExplanationDocument } from '../../src/index.js';
import { readPicture } from '../../src/node/pictures/read.js';
import { makePng } from '../image/png-bytes.js';
import { encodeSafetensors, untrainedDeitTiny } from '../support/checkpoints.js';
import { difference, expectClose } from '../support/compare.js';
import { describeWithReference } from '../support/reference.js';
import { readSafetensors } from '../support/safetensors.js';
import { packageFolder, packageJson, run, sentenceOf, vitrine } from './command.js';

let folder: string;
let weights: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-explain-'));
  weights = join(folder, 'weights.safetensors');
  await writeFile(weights, encodeSafetensors(untrainedDeitTiny()));
  await writeFile(join(folder, 'photo.png'), photo);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Wider than high, so that something is cut off, with something to tell the patches apart. */
const photo = makePng({
  depth: 8,
  color: 2,
  width: 60,
  rows: Array.from({ length: 40 }, (_, y) => [
    0,
    ...Array.from({ length: 60 }, (_, x) => [4 * x, 6 * y, (x * y * 7) % 256]).flat(),
  ]),
});

function parseLines(stdout: string): ExplanationDocument[] {
  expect(stdout).toMatch(/\n$/);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ExplanationDocument);
}

/**
 * Expects all that holds for every document of one rollout, whatever the picture, and its two files.
 * @param name of the files, without ending
 */
async function checkDocument(document: ExplanationDocument, out: string, name: string): Promise<void> {
  expect(Object.keys(document)).toEqual([
    'generator',
    'schema',
    'image',
    'model',
    'device',
    'predictions',
    'explanations',
    'timings',
  ]);
  expect(document.model).toEqual({
    name: 'deit_tiny_patch16_224',
    weights,
    sha256: createHash('sha256').update(readFileSync(weights)).digest('hex'),
  });
  const { predictions, explanations, timings } = document;
  expect(predictions).toHaveLength(5);
  const probabilities = predictions.map(({ probability }) => probability);
  expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
  for (const { index, label, logit, probability } of predictions) {
    expect(index).toBeGreaterThanOrEqual(0);
    expect(index).toBeLessThan(1000);
    expect(label).not.toBe('');
    // Probabilities are the softmax of the logits, so their ratios are.
    expect(probability / probabilities[0]).toBeCloseTo(Math.exp(logit - predictions[0].logit), 6);
  }
  expect(explanations).toHaveLength(1);
  const [{ method, class: explained, grid, values, file }] = explanations;
  expect({ method, explained, grid }).toEqual({ method: 'rollout', explained: null, grid: [14, 14] });
  expect(values).toHaveLength(196);
  for (const value of values) expect(value).toBeGreaterThanOrEqual(0);
  expect(new Set(values).size).toBeGreaterThan(100);
  const { load_ms, compile_ms, run_ms, total_ms } = timings;
  for (const time of [load_ms, compile_ms, run_ms]) expect(time).toBeGreaterThan(0);
  expect(total_ms).toBeGreaterThanOrEqual(load_ms + compile_ms + run_ms);

  expect(file).toBe(join(out, `${name}.png`));
  const { width, height } = await readPicture(file!);
  expect({ width, height }).toEqual({ width: document.image.width, height: document.image.height });
  const stored: unknown = JSON.parse(await readFile(join(out, `${name}.json`), 'utf8'));
  expect(stored).toEqual(document);
}

describe('vitrine explain', () => {
  let documents: ExplanationDocument[];

  test('explains every kind of PNG, reports the bad ones and carries on, and prints documents alone', async () => {
    const two = { width: 2, rows: [[0, 0x40], [0, 0x80]] }; // prettier-ignore
    const pictures = {
      'one.png': makePng({ depth: 8, color: 6, width: 1, rows: [[0, 200, 100, 50, 128]] }),
      'bilevel.png': makePng({ depth: 1, color: 0, ...two }),
      'palette.png': makePng({ depth: 1, color: 3, ...two, palette: [255, 0, 0, 0, 0, 255] }),
      'deep.png': makePng({ depth: 16, color: 0, width: 1, rows: [[0, 0x80, 0x00], [0, 0xff, 0xff]] }), // prettier-ignore
    };
    await mkdir(join(folder, 'b'));
    for (const [name, contents] of Object.entries(pictures)) await writeFile(join(folder, name), contents);
    await writeFile(join(folder, 'b', 'one.png'), photo);
    await writeFile(join(folder, 'bad.png'), photo.subarray(0, 60));
    const names = ['one.png', 'bad.png', 'bilevel.png', 'palette.png', 'none.png', 'deep.png', 'b/one.png'];
    const { status, stdout, stderr } = await vitrine(
      [
        'explain',
        '--json',
        '--device',
        'native',
        '--weights',
        weights,
        '--method',
        'rollout',
        '--out',
        'new/out',
        '--image',
        ...names,
      ],
      { cwd: folder },
    );
    expect(stderr.trimEnd().split('\n').map(sentenceOf)).toEqual([
      expect.stringContaining('bad.png is cut off'),
      expect.stringContaining('none.png'),
      '2 of 7 pictures could not be explained.',
    ]);
    expect(status).toBe(1);
    documents = parseLines(stdout);
    const out = join(folder, 'new', 'out');
    const stems = ['one.png', 'bilevel', 'palette', 'deep', 'one.png-2'];
    expect(documents.map(({ image }) => image)).toEqual([
      { path: join(folder, 'one.png'), width: 1, height: 1 },
      { path: join(folder, 'bilevel.png'), width: 2, height: 2 },
      { path: join(folder, 'palette.png'), width: 2, height: 2 },
      { path: join(folder, 'deep.png'), width: 1, height: 2 },
      { path: join(folder, 'b', 'one.png'), width: 60, height: 40 },
    ]);
    for (const [position, document] of documents.entries()) {
      expect(document.device.backend).toBe('native');
      expect(document.explanations[0].options).toEqual({
        headFusion: 'mean',
        discardRatio: 0,
        layers: [0, 11],
      });
      await checkDocument(document, out, `${stems[position]}.weights.rollout`);
    }
    expect((await readdir(out)).sort()).toEqual(
      stems.flatMap((stem) => ['json', 'png'].map((ending) => `${stem}.weights.rollout.${ending}`)).sort(),
    );
  });

  test('on WebGPU: the same classes and the same map', async () => {
    const adapter = process.env['VITRINE_ADAPTER'];
    const { status, stdout } = await vitrine(
      ['explain', 'photo.png', '--json', '--device', 'webgpu', '--weights', weights, '--method', 'rollout', '--out', 'webgpu', ...(adapter ? ['--adapter', adapter] : [])],
      { cwd: folder },
    ); // prettier-ignore
    expect(status).toBe(0);
    const [document, ...others] = parseLines(stdout);
    expect(others).toEqual([]);
    await checkDocument(document, join(folder, 'webgpu'), 'photo.weights.rollout');
    expect(document.device.backend).toBe('webgpu');
    expect(document.device.adapter).not.toBe('');
    // The last picture of the test above has the same contents.
    const expected = documents.at(-1)!;
    expect(document.predictions.map(({ index }) => index)).toEqual(
      expected.predictions.map(({ index }) => index),
    );
    expectClose(
      document.predictions.map(({ logit }) => logit),
      expected.predictions.map(({ logit }) => logit),
      { absolute: 1e-3 },
    );
    const map = expected.explanations[0].values;
    expectClose(document.explanations[0].values, map, { absolute: 1e-4 * Math.max(...map) });
  });

  test('as the script of the package: paths from where the person stands, all options, output to read', async () => {
    const args = '--image photo.png --method rollout --device reference --weights weights.safetensors --head-fusion max --discard-ratio 0.9 --layers 2-9 --colormap viridis --class basset'; // prettier-ignore
    // What npm does: into the package's folder, with the person's in INIT_CWD.
    const { status, stdout, stderr } = await run(
      '/bin/sh',
      ['-c', `${packageJson.scripts.explain} ${args}`],
      {
        cwd: packageFolder,
        env: { npm_package_name: 'vitrine', npm_lifecycle_event: 'explain', INIT_CWD: folder },
      },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const out = join(folder, 'explanations');
    const name = 'photo.weights.rollout.max.discard-ratio-0.9.layers-2-9.viridis';
    const document = JSON.parse(await readFile(join(out, `${name}.json`), 'utf8')) as ExplanationDocument;
    await checkDocument(document, out, name);
    const [explanation] = document.explanations;
    expect(explanation.options).toEqual({ headFusion: 'max', discardRatio: 0.9, layers: [2, 9] });
    const plain = documents.at(-1)!.explanations[0];
    expect(difference(explanation.values, plain.values).relative).toBeGreaterThan(0.01);
    const viridis = await readFile(explanation.file!);
    expect(viridis.equals(await readFile(plain.file!))).toBe(false);

    expect(stdout).toContain('model   deit_tiny_patch16_224\n');
    expect(stdout).toContain(`device  reference: ${document.device.adapter}\n`);
    expect(stdout).toContain('photo.png (60 x 40)\n');
    for (const { index, label } of document.predictions)
      expect(stdout).toContain(` %  ${label} (${index})\n`);
    expect(stdout).toContain(`  rollout: ${join('explanations', name)}.png\n`);
    expect(stdout).toContain(`    values: ${join('explanations', name)}.json\n`);
  });

  test('several methods and classes: a picture, a document and an entry for each, rollout once', async () => {
    const methods = 'rollout,gradient-rollout,chefer-iccv21';
    const options = [
      '--method',
      methods,
      '--class',
      '87,top2,87-161',
      '--variant',
      'signed',
      '--layers',
      '10-11',
    ];
    const { status, stdout, stderr } = await vitrine(
      [
        'explain',
        'photo.png',
        '--json',
        '--device',
        'native',
        '--weights',
        weights,
        '--out',
        'why',
        ...options,
      ],
      { cwd: folder },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [document] = parseLines(stdout);
    const { predictions, explanations } = document;
    const [first, second] = predictions.map(({ index }) => index);
    expect(
      explanations.map(({ method, class: index, options: { against } }) => [method, index, against]),
    ).toEqual([
      ['rollout', null, undefined],
      ...['gradient-rollout', 'chefer-iccv21'].flatMap((method) => [
        [method, 87, undefined],
        [method, first, undefined],
        [method, second, undefined],
        [method, 87, 161],
      ]),
    ]);
    expect(explanations[1].options).toEqual({ variant: 'signed', layers: [10, 11] });
    expect(explanations[1].label).toBe('African grey');
    expect(Math.min(...explanations[1].values)).toBeLessThan(0);
    const names = explanations.map(({ file }) => basename(file!, '.png'));
    expect((await readdir(join(folder, 'why'))).sort()).toEqual(
      names.flatMap((name) => [`${name}.json`, `${name}.png`]).sort(),
    );
    expect(names).toContain('photo.weights.rollout.layers-10-11');
    expect(names).toContain('photo.weights.gradient-rollout.signed.layers-10-11.87-161');
    for (const [position, name] of names.entries()) {
      const stored: unknown = JSON.parse(await readFile(join(folder, 'why', `${name}.json`), 'utf8'));
      expect(stored).toEqual({ ...document, explanations: [explanations[position]] });
    }
  });

  test('a view: a sheet with every map, and on the terminal how the prediction forms', async () => {
    const methods = ['--method', 'logit-lens,attention-to', '--patch', '0,8', '--heads', 'all'];
    const { status, stdout, stderr } = await vitrine(
      ['explain', 'photo.png', '--model', demoModel.name, '--device', 'native', '--out', 'views', ...methods],
      { cwd: folder },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const rows = stdout.split('\n').filter((line) => line.startsWith('    block '));
    expect(rows).toHaveLength(demoModel.config.depth);
    const [prediction] = stdout.split('\n').filter((line) => line.includes(' % '));
    // The last block's is that of the model.
    expect(rows.at(-1)).toContain(prediction.trim().replace('%  ', '% '));
    const name = join(folder, 'views', `photo.${demoModel.name}.attention-to.patch-0-8.heads-all`);
    const { explanations } = JSON.parse(await readFile(`${name}.json`, 'utf8')) as ExplanationDocument;
    const [{ options, captions, maps, values }] = explanations;
    expect(options).toEqual({ patch: [0, 8], block: 5, heads: 'all' });
    expect(captions).toEqual([0, 1, 2, 3].map((head) => `block 5, head ${head}, patch 0,8`));
    expect([maps, values.length]).toEqual([4, 4 * 81]);
    const { width, height } = await readPicture(`${name}.png`);
    // Four tiles as large as tiles are, at two dots a pixel, and words below them.
    expect(width).toBe(2 * (16 + 4 * 224 + 3 * 10 + 16));
    expect(height).toBeGreaterThan(2 * (16 + 224 + 16));
  });

  test('without a method: one panel, and one document of all that is on it', async () => {
    const call = ['photo.png', '--model', demoModel.name, '--device', 'native', '--out', 'panel'];
    const { status, stdout, stderr } = await vitrine(['explain', ...call], { cwd: folder });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const name = join('panel', `photo.${demoModel.name}.panel`);
    expect(stdout).toContain(`\n  panel: ${name}.png\n    values: ${name}.json\n`);
    const document = JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')) as ExplanationDocument;
    const [first, second] = document.predictions;
    const shown = second.probability > 0.1 ? [first, second] : [first];
    expect(document.explanations.map(({ method, class: index }) => [method, index])).toEqual([
      ['rollout', null],
      ...shown.map(({ index }) => ['recommended', index]),
    ]);
    const file = join(folder, `${name}.png`);
    for (const explanation of document.explanations) expect(explanation.file).toBe(file);
    const { width } = await readPicture(file);
    expect(width).toBe(2 * (20 + (2 + shown.length) * (200 + 18) - 18 + 20));

    // Classes that are named are all on it, and in its name.
    const named = await vitrine(['explain', ...call, '--class', '3,5', '--json'], { cwd: folder });
    const [ofNamed] = parseLines(named.stdout);
    expect(ofNamed.explanations.map(({ class: index }) => index)).toEqual([null, 3, 5]);
    expect(ofNamed.explanations[0].file).toBe(file.replace('.panel.', '.panel.3.5.'));
    expect(ofNamed.explanations[0].values).toEqual(document.explanations[0].values);
    // And so are methods, where one panel is asked for.
    const options = ['--method', 'handoff,rollout', '--panel', '--json', '--colormap', 'magma'];
    const [ofMethods] = parseLines((await vitrine(['explain', ...call, ...options], { cwd: folder })).stdout);
    expect(ofMethods.explanations.map(({ method }) => method)).toEqual(['handoff', 'rollout']);
    expect((await readdir(join(folder, 'panel'))).filter((each) => each.endsWith('.png')).sort()).toEqual([
      `photo.${demoModel.name}.panel.3.5.png`,
      `photo.${demoModel.name}.panel.handoff.rollout.magma.png`,
      `photo.${demoModel.name}.panel.png`,
    ]);
  });

  test('the self-check needs no picture and says that this device computes correctly', async () => {
    const { status, stdout, stderr } = await vitrine(['explain', '--self-check', '--device', 'reference'], {
      cwd: folder,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/attention gradient of block 0 .* ok\n/);
    expect(stdout).toMatch(/computes\s+correctly\.\n$/);
  });

  test('a reader that leaves early stops neither the work nor its status', async () => {
    const { status, stdout, stderr } = await vitrine(
      ['explain', 'photo.png', '--device', 'native', '--weights', weights, '--out', 'early'],
      { cwd: folder, readAtMost: 1 },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).not.toContain('photo.png');
    expect((await readdir(join(folder, 'early'))).sort()).toEqual([
      'photo.weights.panel.json',
      'photo.weights.panel.png',
    ]);
  });

  test('the file that the package installs as `vitrine` can be started', () => {
    const bin = join(packageFolder, packageJson.bin.vitrine);
    expect(existsSync(bin)).toBe(true);
    expect(readFileSync(bin, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});

describeWithReference('vitrine explain with the trained weights', (reference) => {
  test('dog and bird: a basset, and the maps of PyTorch in float64', async () => {
    const trained = join(reference, 'weights', 'deit_tiny_patch16_224.safetensors');
    const image = join(reference, 'images', 'dogbird.png');
    const options = ['--method', 'rollout,gradient-rollout', '--class', 'top1,87'];
    const { status, stdout, stderr } = await vitrine(
      [
        'explain',
        image,
        '--json',
        '--device',
        'native',
        '--weights',
        trained,
        '--out',
        'trained',
        ...options,
      ],
      { cwd: folder },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [document] = parseLines(stdout);
    expect(document.predictions[0]).toMatchObject({ index: 161, label: 'basset' });
    const golden = readSafetensors(join(reference, 'golden', 'dogbird.safetensors'));
    const maps = [
      ['rollout.mean.discard0', 1e-4],
      ['gradrollout.relu_of_mean.discard0.161', 5e-4],
      ['gradrollout.relu_of_mean.discard0.87', 5e-4],
    ] as const;
    expect(document.explanations).toHaveLength(maps.length);
    for (const [position, [map, share]] of maps.entries()) {
      const expected = golden(map).values as Float32Array;
      expectClose(document.explanations[position].values, expected, {
        absolute: share * Math.max(...expected),
      });
    }
  });
});
