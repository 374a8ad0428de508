import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { demoModel, overlay, rangeOf, type ExplanationDocument } from '../../src/index.js';
import { npyBytes } from '../support/npy-bytes.js';
import { readMetadata, readSafetensors } from '../support/safetensors.js';
import { packageFolder, refusalOf, vitrine } from './command.js';

let folder: string;
const scene = join(packageFolder, 'examples', 'scene.png');
const always = ['--model', demoModel.name, '--device', 'native'];
const { depth, heads } = { depth: demoModel.config.depth, heads: demoModel.config.heads };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-experiments-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Calls the command, which must succeed. */
async function printed(...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await vitrine(args, { cwd: folder });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

async function documentsOf(...args: readonly string[]): Promise<ExplanationDocument[]> {
  const lines = (await printed(...args, '--json')).trimEnd().split('\n');
  return lines.map((line) => checked(JSON.parse(line)));
}

const schema = JSON.parse(
  readFileSync(join(packageFolder, 'docs', 'explanation.schema.json'), 'utf8'),
) as object;
const validate = new Ajv({ strict: true, allErrors: true }).compile(schema);

/** Expects a document of the published schema. */
function checked(document: unknown): ExplanationDocument {
  validate(document);
  expect(validate.errors).toBeNull();
  return document as ExplanationDocument;
}

const file = async (...names: readonly string[]): Promise<Buffer> => readFile(join(folder, ...names));
const jsonOf = async (...names: readonly string[]): Promise<unknown> =>
  JSON.parse((await file(...names)).toString('utf8'));

test('every method and view, measured, makes documents of the published schema', async () => {
  const args = ['explain', scene, ...always, '--method', 'all,views', '--out', 'every'];
  const [{ explanations }] = await documentsOf(...args, '--measure');
  expect(explanations.length).toBeGreaterThan(20);
  expect(explanations.some(({ measures }) => measures !== undefined)).toBe(true);
  expect(explanations.some(({ readings }) => readings !== undefined)).toBe(true);
});

describe('vitrine heads', () => {
  test('tells what the class loses without each head: as explain --ablate does, one by one', async () => {
    const args = ['heads', scene, ...always, '--class', 'dog,cat', '--out', 'heads'];
    const [document] = await documentsOf(...args);
    const { explanations } = document;
    expect(explanations.map(({ method, class: index }) => [method, index])).toEqual([
      ['heads', 0],
      ['heads', 1],
      ['heads-rollout', null],
    ]);
    for (const { grid, axes, options, values } of explanations) {
      expect({ grid, axes, options }).toEqual({
        grid: [depth, heads],
        axes: ['block', 'head'],
        options: { by: 'zero' },
      });
      expect(values).toHaveLength(depth * heads);
    }
    const stem = `scene.${demoModel.name}`;
    const names = [`${stem}.heads-rollout`, `${stem}.heads.0`, `${stem}.heads.1`];
    expect((await readdir(join(folder, 'heads'))).sort()).toEqual(
      names.flatMap((name) => [`${name}.csv`, `${name}.json`, `${name}.png`]).sort(),
    );
    const [ofDog] = explanations;
    expect(checked(await jsonOf('heads', `${stem}.heads.0.json`))).toEqual({
      ...document,
      explanations: [ofDog],
    });
    const [head, ...rows] = (await file('heads', `${stem}.heads.0.csv`)).toString().trimEnd().split('\n');
    expect(head).toBe('block,head,effect');
    expect(rows).toEqual(ofDog.values.map((value, i) => `${Math.floor(i / heads)},${i % heads},${value}`));
    const { width, height } = await sharp(await file('heads', `${stem}.heads.0.png`)).metadata();
    expect(Math.min(width, height)).toBeGreaterThan(100);

    const at = ofDog.values.indexOf(Math.max(...ofDog.values));
    const part = `blocks.${Math.floor(at / heads)}.attn:${at % heads}`;
    const [ablated] = await documentsOf(
      'explain',
      scene,
      ...always,
      ...['--class', 'dog', '--ablate', part, '--out', 'ablated', '--method', 'rollout,gradient-rollout'],
    );
    const change = ablated.ablation?.logits.find(({ index }) => index === 0);
    expect(change?.difference).toBeCloseTo(-ofDog.values[at], 4);
    expect(change!.after - change!.before).toBeCloseTo(change!.difference, 6);
    expect(ofDog.before).toBeCloseTo(change!.before, 4);
    expect(ablated.ablation).toMatchObject({ parts: [part], by: 'zero' });
    for (const { values, ablated: after } of ablated.explanations) {
      expect(after!.values).toHaveLength(values.length);
      expect(after!.difference).toEqual(values.map((value, i) => after!.values[i] - value));
      expect(after!.difference.some((value) => value !== 0)).toBe(true);
    }
    expect(ablated.explanations[0].file).toContain(`.rollout.without-${part.replace(':', '-')}.png`);
  });

  test('prints tables that a person can read, and replaces its own results', async () => {
    for (let time = 0; time < 2; time++) {
      const said = await printed('heads', scene, ...always, '--mean-ablate', '--out', 'said');
      const rows = said.split('\n').filter((line) => /^ {4} *\d+( +-?\d+\.\d{3})+$/.test(line));
      expect(rows).toHaveLength(2 * depth);
      expect(said).not.toContain('\u001b');
    }
    await writeFile(join(folder, 'said', `scene.${demoModel.name}.heads.mean.0.json`), 'precious');
    const again = ['heads', scene, ...always, '--mean-ablate', '--class', '0', '--out', 'said'];
    expect(refusalOf(await vitrine(again, { cwd: folder }))).toMatch(/which vitrine did not write;/);
  });
});

describe('vitrine occlude', () => {
  test('draws what the class loses without each window', async () => {
    const args = ['occlude', scene, ...always, '--class', 'dog', '--window', '3', '--fill', 'mean'];
    const [{ explanations }] = await documentsOf(...args, '--out', 'occluded');
    const [{ grid, values, options, method, before }] = explanations;
    expect({ method, grid, options }).toEqual({
      method: 'occlusion',
      grid: [9, 9],
      options: { window: 3, fill: 'mean' },
    });
    expect(Number.isFinite(before)).toBe(true);
    const name = `scene.${demoModel.name}.occlusion.window-3.mean.0`;
    const [head, ...rows] = (await file('occluded', `${name}.csv`)).toString().trimEnd().split('\n');
    expect(head).toBe('row,column,effect');
    expect(rows).toEqual(values.map((value, i) => `${Math.floor(i / 9)},${i % 9},${value}`));
    const drawn = await sharp(await file('occluded', `${name}.png`)).metadata();
    const original = await sharp(scene).metadata();
    expect([drawn.width, drawn.height]).toEqual([original.width, original.height]);
  });
});

describe('vitrine compare', () => {
  test('finds a map equal to itself on another device, and unlike another map', async () => {
    const explain = (...args: readonly string[]) =>
      documentsOf('explain', scene, '--model', demoModel.name, ...args);
    await explain('--device', 'native', '--method', 'rollout,legrad', '--class', '0', '--out', 'a');
    await explain('--device', 'reference', '--method', 'rollout', '--out', 'b');
    const rollout = `scene.${demoModel.name}.rollout.json`;
    const compare = async (...args: readonly string[]) => {
      const text = await printed('compare', ...args, '--out', 'compared', '--json');
      const { comparisons } = JSON.parse(text) as { comparisons: Record<string, unknown>[] };
      return comparisons[0] as { correlation: number; largestDifference: number; file: string };
    };
    const same = await compare(join('a', rollout), join('b', rollout));
    expect(same.correlation).toBeGreaterThan(0.99999);
    expect(same.largestDifference).toBeLessThan(1e-5);
    const { width } = await sharp(same.file).metadata();
    expect(width).toBeGreaterThan(300);
    const other = await compare(join('a', rollout), join('a', `scene.${demoModel.name}.legrad.0.json`));
    expect(other.correlation).toBeLessThan(0.999);
    expect(await printed('compare', join('a', rollout), join('b', rollout), '--out', 'said')).toMatch(
      /^device {3}A native: .* {2}B reference/m,
    );
  });

  test('of a strip compares each layer with itself, and writes all pictures or none', async () => {
    const strip = ['explain', scene, '--model', demoModel.name, '--strip', 'layers'];
    await documentsOf(...strip, '--device', 'native', '--out', 'strip');
    await documentsOf(...strip, '--device', 'reference', '--out', 'plain');
    const name = `scene.${demoModel.name}.attention.strip-layers`;
    const args = ['compare', join('strip', `${name}.json`), join('plain', `${name}.json`)];
    const { comparisons } = JSON.parse(await printed(...args, '--out', 'layers', '--json')) as {
      comparisons: { correlation: number }[];
    };
    expect(comparisons).toHaveLength(depth);
    for (const { correlation } of comparisons) expect(correlation).toBeGreaterThan(0.99999);
    const last = `${name}.vs.${name}.${depth - 1}.png`;
    await mkdir(join(folder, 'blocked', last), { recursive: true });
    refusalOf(await vitrine([...args, '--out', 'blocked'], { cwd: folder }));
    expect(await readdir(join(folder, 'blocked'))).toEqual([last]);
  });

  test('cuts names by their bytes', async () => {
    await documentsOf('explain', scene, ...always, '--method', 'rollout', '--out', 'd');
    const document = await file('d', `scene.${demoModel.name}.rollout.json`);
    const [one, other] = ['\u732b', '\u72ac'].map((letter) => letter.repeat(80));
    for (const name of [one, other]) await writeFile(join(folder, `${name}.json`), document);
    await printed('compare', `${one}.json`, `${other}.json`, '--out', 'cut');
    const [name] = await readdir(join(folder, 'cut'));
    expect(name).toMatch(/^\u732b{20,}\.vs\.\u72ac{20,}\.png$/);
  });

  test('refuses what is no document, and one of another schema', async () => {
    const [document] = await documentsOf('explain', scene, ...always, '--out', 'c');
    const write = (name: string, content: unknown) =>
      writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
    await write('good.json', document);
    await write('old.json', { ...document, schema: 'vitrine-explanation-0' });
    await write('none.json', { ...document, schema: undefined });
    await write('cut.json', JSON.stringify(document).slice(0, 100));
    await write('half.json', { ...document, predictions: 'many' });
    await write('small.json', {
      ...document,
      explanations: [{ ...document.explanations[0], grid: [1, 2], values: [0, 1] }],
    });
    await write('short.json', {
      ...document,
      explanations: [{ ...document.explanations[0], grid: [9, 9], maps: 2, values: [0, 1, 2] }],
    });
    const refused = async (...args: readonly string[]) =>
      refusalOf(await vitrine(['compare', ...args], { cwd: folder }));
    expect(await refused('good.json', 'old.json')).toBe(
      'old.json has the schema "vitrine-explanation-0"; a document of the schema "vitrine-explanation-1" is expected, as explain writes it.',
    );
    expect(await refused('none.json', 'good.json')).toMatch(/^none\.json has no schema;/);
    expect(await refused('good.json', 'cut.json')).toMatch(/^cut\.json is no JSON: /);
    expect(await refused('good.json', 'half.json')).toMatch(/^half\.json is no whole document.*predictions/);
    expect(await refused('good.json', 'short.json')).toBe(
      'short.json is no whole document of explain: explanations.0 has 3 values, expected 162, 2 maps of 9 x 9.',
    );
    expect(await refused('good.json', 'small.json')).toMatch(/^Maps of 9 x 9 and 1 x 2 values cannot/);
    expect(await refused('good.json', 'missing.json')).toMatch(/^missing\.json cannot be read: /);
    expect(await refused('good.json', 'good.json', '--out', 'good.json')).toMatch(
      /there is a file in its place/,
    );
  });
});

describe('explain --save', () => {
  test('writes maps as arrays, and attention, gradients and tokens of all layers', async () => {
    const args = ['explain', scene, ...always, '--class', 'dog', '--method', 'rollout', '--out', 'saved'];
    const [{ explanations }] = await documentsOf(...args, '--save', 'map,attention,gradient,tokens');
    const stem = join(folder, 'saved', `scene.${demoModel.name}`);
    expect(await readFile(`${stem}.rollout.npy`)).toEqual(
      npyBytes([9, 9], Float32Array.from(explanations[0].values)),
    );
    const path = `${stem}.attention+gradient+tokens.0.safetensors`;
    const [tensors, metadata] = [readSafetensors(path), readMetadata(path)];
    const tokens = 82;
    for (let layer = 0; layer < depth; layer++) {
      const { shape, values } = tensors(`attention.${layer}`);
      expect(shape).toEqual([heads, tokens, tokens]);
      const sums = Array.from({ length: heads * tokens }, (_, row) =>
        Array.from(values.slice(row * tokens, (row + 1) * tokens)).reduce((sum, value) => sum + value, 0),
      );
      expect(sums.every((sum) => Math.abs(sum - 1) < 1e-5)).toBe(true);
      expect(tensors(`gradient.0.${layer}`).shape).toEqual([heads, tokens, tokens]);
    }
    expect(tensors(`tokens.${depth}`).shape).toEqual([tokens, demoModel.config.width]);
    // Of the last layer nothing but the class token's row is looked at.
    const last = tensors(`gradient.0.${depth - 1}`).values;
    const rows = Array.from(last.keys()).filter((i) => last[i] !== 0);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((i) => Math.floor(i / tokens) % tokens === 0)).toBe(true);
    expect(metadata).toMatchObject({
      schema: 'vitrine-tensors-1',
      grid: '[9,9]',
      prefix_tokens: '1',
      model: demoModel.name,
      targets: '[{"kind":"class","index":0}]',
      score: 'logit',
    });
    // What it wrote itself it replaces.
    await printed(...args, '--save', 'map,attention,gradient,tokens');
  });

  test('of what something was taken out of writes both maps, and tensors of the whole by their own name', async () => {
    const args = ['explain', scene, ...always, '--ablate', 'blocks.2.attn:1', '--out', 'without'];
    const save = ['--save', 'map,attention'];
    const [{ explanations }] = await documentsOf(...args, '--method', 'rollout,handoff', ...save);
    for (const { method, class: index, grid, maps, values, ablated } of explanations) {
      const name = [method, 'without-blocks.2.attn-1', ...(index === null ? [] : [index]), 'npy'].join('.');
      const path = ['without', `scene.${demoModel.name}.${name}`];
      const shape = [2, ...(maps === undefined ? [] : [maps]), ...grid];
      expect(ablated!.values).not.toEqual(values);
      expect(await file(...path)).toEqual(
        npyBytes(shape, Float32Array.from([...values, ...ablated!.values])),
      );
    }
    const tensors = (await readdir(join(folder, 'without'))).filter((name) => name.endsWith('.safetensors'));
    expect(tensors).toEqual([`scene.${demoModel.name}.attention.safetensors`]);
    await writeFile(join(folder, 'without', tensors[0]), 'precious');
    const again = await vitrine([...args, '--method', 'rollout', ...save], { cwd: folder });
    expect(refusalOf(again)).toMatch(/which vitrine did not write;/);
  }); // prettier-ignore
});

describe('moving pictures', () => {
  test('are explained frame by frame, as the frames alone, on one scale', async () => {
    const [width, height, count] = [90, 72, 3];
    const still = await sharp(scene).removeAlpha().resize(120, 72, { fit: 'fill' }).raw().toBuffer();
    await mkdir(join(folder, 'frames'));
    const frames = await Promise.all(
      Array.from({ length: count }, async (_, i) => {
        const frame = await sharp(still, { raw: { width: 120, height: 72, channels: 3 } })
          .extract({ left: 10 * i, top: 0, width, height })
          .raw()
          .toBuffer();
        await sharp(frame, { raw: { width, height, channels: 3 } })
          .png()
          .toFile(join(folder, 'frames', `frame${8 + i}.png`));
        return frame;
      }),
    );
    const raw = { width, height: count * height, channels: 3, pageHeight: height } as const;
    await sharp(Buffer.concat(frames), { raw })
      .webp({ lossless: true, delay: [50, 70, 90], loop: 0 })
      .toFile(join(folder, 'moving.webp'));
    const args = ['--class', '0', '--method', 'rollout,handoff', ...always];
    const moving = await documentsOf('explain', 'moving.webp', ...args, '--frames', '1-2', '--out', 'moving');
    const folderOfFrames = await documentsOf('explain', 'frames', ...args, '--frames', 'all', '--out', 'of');
    const alone = await documentsOf(
      'explain',
      ...[8, 9, 10].map((i) => join('frames', `frame${i}.png`)),
      ...args,
      ...['--out', 'alone'],
    );
    const values = (documents: readonly ExplanationDocument[]) =>
      documents.map(({ explanations }) => explanations.map((one) => one.values));
    expect(values(moving)).toEqual(values(alone).slice(1));
    expect(values(folderOfFrames)).toEqual(values(alone));
    expect(moving.map(({ image }) => image.frame)).toEqual([1, 2]);

    const name = `moving.${demoModel.name}.rollout.frames-1-2`;
    const bytes = await file('moving', `${name}.webp`);
    const metadata = await sharp(bytes, { animated: true }).metadata();
    expect(metadata).toMatchObject({ pages: 2, pageHeight: height, width, delay: [70, 90] });
    const told = (await jsonOf('moving', `${name}.json`)) as { schema: string; frames: unknown[] };
    expect(told.schema).toBe('vitrine-frames-1');
    expect(told.frames.map(checked).map(({ explanations }) => explanations.map((one) => one.values))).toEqual(
      values(moving).map(([rollout]) => [rollout]),
    );

    const explanations = moving.map((document) => document.explanations[0]);
    const range = rangeOf(
      explanations.flatMap((one) => [...one.values]),
      false,
    );
    for (const [i, { grid, values: own, geometry }] of explanations.entries()) {
      const drawn = await sharp(bytes, { page: i }).removeAlpha().raw().toBuffer();
      const picture = { width, height, data: Uint8Array.from(frames[1 + i]) };
      const distance = (of?: typeof range): number => {
        const { data } = overlay(picture, { grid, values: own }, geometry!, of ? { range: of } : {});
        return data.reduce((sum, value, at) => sum + Math.abs(value - drawn[at]), 0) / data.length;
      };
      // Compressed, but nearer to that scale than to its own.
      expect(distance(range)).toBeLessThan(4);
      const isWide = rangeOf(own, false).every((end, at) => end === range[at]);
      if (!isWide) expect(distance()).toBeGreaterThan(1.2 * distance(range));
    }
  });

  test('a still picture, frames that are not there, and what is of single pictures', async () => {
    const refused = async (...args: readonly string[]) =>
      refusalOf(await vitrine(['explain', ...args, ...always], { cwd: folder }));
    expect(await refused(scene, '--frames', 'all')).toMatch(/scene\.png does not move: /);
    expect(await refused('moving.webp', '--frames', '1-3')).toMatch(
      /has frames 0 to 2; --frames asks for 1-3\.$/,
    );
    expect(await refused('moving.webp', '--frames', '2-1')).toMatch(/^--frames is "2-1"; give the first/);
    expect(await refused('moving.webp', '--frames', '1', '--save', 'map')).toMatch(/^--save is of single/);
    expect(await refused('moving.webp', '--frames', '1', '--measure')).toMatch(/^--measure is of single/);
  });

  test.each([
    ['rollout', 'rollout.frames-0-1.webp'],
    ['rollout', 'rollout.frames-0-1.json'],
    ['legrad', 'legrad.0.frames-0-1.webp'],
  ])('what is in the way of %s is found before the work', async (method, ending) => {
    const out = join(folder, `way-of-${ending}`);
    const precious = join(out, `moving.${demoModel.name}.${ending}`);
    await mkdir(out);
    await writeFile(precious, 'precious');
    const args = ['explain', 'moving.webp', '--frames', '0-1', '--method', method, ...always, '--out', out];
    // Nothing was told by then.
    expect(refusalOf(await vitrine(args, { cwd: folder }))).toMatch(/which vitrine did not write;/);
    expect(await readdir(out)).toHaveLength(1);
  });
});

test.each([
  [
    ['explain', scene, '--ablate', 'blocks.2.attn:99'],
    /^--ablate "blocks\.2\.attn:99" names head 99; this model/,
  ],
  [['explain', scene, '--ablate', 'head 3'], /^--ablate "head3" is no part of a model; write it as /],
  [['explain', scene, '--mean-ablate'], /^--mean-ablate says what takes the place of parts; name them,/],
  [['explain', scene, '--save', 'maps'], 'choose from: map, attention, gradient, tokens.'],
  [['occlude', scene, '--window', '10'], '--window is "10"; give a whole number of patches from 1 to 9.'],
  [['occlude', scene, '--fill', 'pink'], '--fill is "pink"; choose one of: grey, mean, blur.'],
  [['heads', scene, '--class', '99'], 'There is no class 99'],
  [['heads'], 'No picture was given; name at least one: --image PATH.'],
  [['heads', scene, '--out', scene], 'there is a file in its place'],
])('%j is refused in one sentence', async (args, sentence) => {
  const outcome = await vitrine([...args, ...always], { cwd: folder });
  expect(refusalOf(outcome)).toMatch(sentence);
});
