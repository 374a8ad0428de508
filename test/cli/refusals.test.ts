import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeSync, existsSync, openSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { flagOf, methodOptions } from '../../src/cli/method-options.js';
import { demoModel, methods, unknownSizes } from '../../src/index.js';
import { makePng } from '../image/png-bytes.js';
import { encodeSafetensors, frameSafetensors, untrainedDeitTiny } from '../support/checkpoints.js';
import { packageFolder, refusalOf, sentenceOf, vitrine } from './command.js';

let folder: string;
const reference = ['--device', 'reference'];
const onLinux = process.platform === 'linux' ? test : test.skip;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-refusals-'));
  const rows = [[0, 255, 0, 0]];
  await writeFile(join(folder, 'red.png'), makePng({ depth: 8, color: 2, width: 1, rows }));
  await copyFile(join(folder, 'red.png'), join(folder, '-r.png'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Calls the command where all of it must fail, and expects that it leaves no folder for results. */
async function refused(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const before = await readdir(folder);
  const refusal = refusalOf(await vitrine(args, { cwd: folder, env }));
  expect(await readdir(folder)).toEqual(before);
  return refusal;
}

describe('the command line', () => {
  test.each([
    [['explain'], 'No picture was given; name at least one: --image PATH.'],
    [['explian', 'red.png'], "unknown command 'explian'; did you mean explain?"],
    [['explian', '--help'], "unknown command 'explian'; did you mean explain?"],
    [['help', 'explian'], "unknown command 'explian'; did you mean explain?"],
    [
      ['red.png', '--json'],
      'unknown command \'red.png\'; to explain a picture, write "vitrine explain red.png".',
    ],
    [['explain', 'red.png', '--out', '--json'], /^--out needs a value, but --json stands in its place/],
    [['explain', 'red.png', '--method', 'rollout,,'], /^--method "rollout,," has an empty name;/],
    [['explain', '-r.png'], "unknown option '-r.png'; a file of that name is written ./-r.png."],
    [['explain', '--imag', 'red.png'], "unknown option '--imag'; did you mean --image?"],
    [
      ['explain', '--quite-unknown', 'red.png'],
      'unknown option \'--quite-unknown\'; "vitrine explain --help" lists what there is.',
    ],
    [
      ['explain', '--image'],
      'option \'--image <path...>\' argument missing; "vitrine explain --help" lists what there is.',
    ],
    [
      ['explain', 'red.png', '--model', 'deit_tiny_patch16_224', '--class', '1000'],
      'There is no class 1000: give an index from 0 to 999, or a name.',
    ],
    [
      ['explain', 'red.png', '--out', 'red.png'],
      /^The folder .*red\.png cannot hold the results: there is a file in its place; choose another with --out DIR\.$/,
    ],
  ])('%j', async (args, message) => {
    expect(await refused(args)).toMatch(message);
  });

  test('options of train are in the help of train', async () => {
    expect(await refused(['train', '--config', 'x', '--quite-unknown'])).toBe(
      'unknown option \'--quite-unknown\'; "vitrine train --help" lists what there is.',
    );
    expect(await refused(['train', '--config'])).toMatch(
      /^option '--config <file>' argument missing; "vitrine train --help"/,
    );
  });

  test('options that npm has taken for its own', async () => {
    const env = { npm_package_name: 'vitrine', npm_lifecycle_event: 'explain', npm_config_image: 'true' };
    expect(await refused(['explain', 'red.png'], env)).toBe(
      'npm has taken --image for itself; write "--" before the options: npm run explain -- --image ...',
    );
  });

  test('nothing at all prints the help, as a mistake', async () => {
    const { status, stdout, stderr } = await vitrine([], { cwd: folder });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: vitrine/);
  });

  test.each(['explain', 'train', 'dream', 'evaluate'])(
    '%s has threads on native and on wasm',
    async (name) => {
      const { stdout } = await vitrine([name, '--help'], { cwd: folder });
      expect(stdout.replace(/\s+/g, ' ')).toContain(
        '--threads <number> threads of native or wasm (default: ',
      );
    },
  );

  test('help and version are no mistakes', async () => {
    const help = await vitrine(['explain', '--help'], { cwd: folder });
    expect(help).toMatchObject({ status: 0, stderr: '' });
    const options =
      'image model weights method class device adapter threads colormap out force self-check json'.split(' ');
    for (const option of options) expect(help.stdout).toContain(`--${option} `);
    const list = await vitrine(['methods'], { cwd: folder });
    expect(list).toMatchObject({ status: 0, stderr: '' });
    const flags = methodOptions().map(({ long }) => long);
    for (const method of methods) {
      expect(list.stdout).toMatch(new RegExp(`^${method.name} `, 'm'));
      for (const option of Object.keys(method.options(unknownSizes))) expect(flags).toContain(flagOf(option));
    }
    const version = await vitrine(['--version'], { cwd: folder });
    expect(version).toMatchObject({ status: 0, stderr: '' });
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  onLinux('a standard output that takes nothing', async () => {
    const full = openSync('/dev/full', 'w');
    try {
      const outcome = await vitrine(['--help'], { cwd: folder, stdout: full });
      expect(refusalOf(outcome)).toBe('Cannot write to the standard output: the disk is full.');
    } finally {
      closeSync(full);
    }
  });
});

describe('devices', () => {
  test('an adapter that is not there', async () => {
    expect(
      await refused(['explain', 'red.png', '--weights', await goodWeights(), '--adapter', 'abacus']),
    ).toMatch(/^No WebGPU adapter has "abacus" in its name; choose one of those here: .+\.$/);
  });

  test('an adapter for the reference', async () => {
    const args = [
      'explain',
      'red.png',
      '--weights',
      await goodWeights(),
      ...reference,
      '--adapter',
      'abacus',
    ];
    expect(await refused(args)).toMatch(/^--adapter chooses a WebGPU adapter; it cannot be combined/);
  });

  const nowhere = { VK_ICD_FILENAMES: '/nowhere', VK_DRIVER_FILES: '/nowhere' };
  test.each<[string, NodeJS.ProcessEnv, string[]]>([
    ['without a loader', { ...nowhere, LD_LIBRARY_PATH: '' }, []],
    ['with a loader that finds none', nowhere, []],
    ['with a name', nowhere, ['--adapter', 'abacus']],
  ])('WebGPU without any Vulkan driver, %s: no line of C++, one sentence', async (_what, env, more) => {
    const args = ['explain', 'red.png', '--weights', await goodWeights(), '--device', 'webgpu', ...more];
    expect(await refused(args, env)).toMatch(
      more.length > 0
        ? /^No WebGPU adapter was found: .*which need none, and leave out --adapter\.$/
        : /^No WebGPU adapter was found: install a Vulkan driver .* or use --device native or --device auto, which need none\.$/,
    );
  });

  onLinux('a Vulkan driver that ends whoever loads it ends no command', async () => {
    const addon = await readFile(join(packageFolder, 'native', 'build', 'Release', 'vitrine.node'));
    const library = join(folder, 'libcut.so');
    await writeFile(library, addon.subarray(0, 5000));
    const driver = join(folder, 'cut.json');
    const ICD = { library_path: library, api_version: '1.3.0' };
    await writeFile(driver, JSON.stringify({ file_format_version: '1.0.0', ICD }));
    const args = ['explain', 'red.png', '--weights', await goodWeights(), '--device', 'webgpu'];
    expect(await refused(args, { VK_ICD_FILENAMES: driver, VK_DRIVER_FILES: driver })).toMatch(
      /^No WebGPU adapter was found, because the Vulkan driver ends the process that asks it \(SIG\w+\): install/,
    );
  });
});

describe('pictures', () => {
  test('each bad one gets its sentence, with the folder for results left unmade', async () => {
    const pixels = { create: { width: 64, height: 64, channels: 3 as const, background: 'teal' } };
    const jpeg = await sharp(pixels).jpeg().toBuffer();
    const png = await sharp(pixels).png().toBuffer();
    const bad: [name: string, contents: Buffer | string, problem: string][] = [
      ['empty.png', '', 'is empty'],
      ['text.png', 'no picture '.repeat(20), 'is not a picture that can be read'],
      ['cut.png', png.subarray(0, png.length - 20), 'is cut off before the end'],
      ['cut.jpg', jpeg.subarray(0, jpeg.length / 2), 'is cut off before the end'],
      ['header.png', png.subarray(0, 20), 'is damaged'],
    ];
    for (const [name, contents] of bad) await writeFile(join(folder, name), contents);
    await mkdir(join(folder, 'folder.png'));
    const names = [...bad.map(([name]) => name), 'folder.png', 'missing.png'];
    const before = await readdir(folder);
    const args = ['explain', '--weights', await goodWeights(), ...reference, '--json', '--image', ...names];
    const { status, stdout, stderr } = await vitrine(args, { cwd: folder });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    const sentences = stderr.trimEnd().split('\n').map(sentenceOf);
    const problems = [...bad.map(([, , problem]) => problem), 'is a folder', 'There is no file'];
    expect(sentences).toHaveLength(problems.length + 1);
    for (const [position, problem] of problems.entries()) {
      expect(sentences[position]).toContain(problem);
      expect(sentences[position]).toContain(join(folder, names[position]));
    }
    expect(sentences.at(-1)).toBe('7 of 7 pictures could not be explained.');
    expect((await readdir(folder)).filter((name) => !before.includes(name))).toEqual([]);
  });

  test('a map without numbers is no picture: which, with what options, and what to do', async () => {
    const scene = join(packageFolder, 'examples', 'scene.png');
    const args = ['explain', scene, '--json', '--model', demoModel.name, '--method', 'vit-explain-rollout'];
    const sentence = await refused([...args, '--discard-ratio', '0.999']);
    expect(sentence).toMatch(
      /scene\.png: the map of vit-explain-rollout \(headFusion mean, discardRatio 0\.999\) holds values that are no numbers; give other options, such as a discard ratio below 0\.999\.$/,
    );
  });

  test('a result that cannot take its name leaves the other of the pair unwritten', async () => {
    // The name of the document is taken, but not that of the overlay.
    await mkdir(join(folder, 'taken', 'red.good.panel.json'), { recursive: true });
    const args = [
      'explain',
      'red.png',
      '--weights',
      await goodWeights(),
      '--device',
      'native',
      '--out',
      'taken',
    ];
    const { status, stderr } = await vitrine([...args, '--json'], { cwd: folder });
    expect(status).toBe(2);
    expect(sentenceOf(stderr)).toMatch(
      /^Cannot write .*red\.good\.panel\.json: it is a folder; give the name of a file\.$/,
    );
    expect(await readdir(join(folder, 'taken'))).toEqual(['red.good.panel.json']);
  });
});

describe('weights', () => {
  const pair = (first: unknown, second: unknown): Buffer =>
    frameSafetensors({ a: first, b: second }, Buffer.alloc(16));
  const entry = (...offsets: number[]): unknown => ({ dtype: 'F32', shape: [2], data_offsets: offsets });
  const cases: [what: string, contents: Buffer, problem: RegExp][] = [
    ['an empty file', Buffer.alloc(0), /is empty/],
    ['no checkpoint', Buffer.from('some text that is no checkpoint'), /is no checkpoint of any known format/],
    ['a header that is cut off', pair(entry(0, 8), entry(8, 16)).subarray(0, 40), /is cut short/],
    ['data that are cut off', pair(entry(0, 8), entry(8, 16)).subarray(0, -4), /"b" ends at byte 16 of .* only 12/],
    ['a header length beyond all bounds', Buffer.alloc(16, 0xff), /is no checkpoint of any known format/],
    ['a page of the web', Buffer.from('<!DOCTYPE html><title>404</title>'), /looks like a web page/],
    ['a pickle that would run a command', Buffer.from("\x80\x02cposix\nsystem\nX\x0b\0\0\0touch PWNED\x85R.", 'latin1'), /asks for "posix\.system" of Python's.*nothing of it was run/],
    ['a header that is not JSON', Buffer.concat([Buffer.from([4, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('oops')]), /its header is not JSON/],
    ['overlapping tensors', pair(entry(0, 8), entry(4, 12)), /tensors "a" and "b" overlap/],
    ['offsets out of range', pair(entry(0, 8), entry(1e9, 1e9 + 8)), /a hole of 999999992 bytes/],
    ['negative offsets', pair(entry(-8, 0), entry(8, 16)), /not a pair of byte positions/],
  ]; // prettier-ignore

  test.each(cases)('%s', async (_what, contents, problem) => {
    const path = join(folder, 'bad.safetensors');
    await writeFile(path, contents);
    const sentence = await refused(['explain', 'red.png', ...reference, '--weights', 'bad.safetensors']);
    expect(sentence).toMatch(problem);
    expect(sentence).toContain(path);
    await rm(path);
  });

  test('a missing file and a folder', async () => {
    const args = ['explain', 'red.png', ...reference, '--weights'];
    expect(await refused([...args, 'none'])).toMatch(
      /^Cannot read the weights file ".*none": there is no such file;/,
    );
    expect(await refused([...args, '.'])).toMatch(/: it is a folder, not a file; give the path/);
  });

  test('another model, and what is wrong with it in full, in few lines', async () => {
    const given = untrainedDeitTiny().flatMap(({ name, shape, values }) => {
      if (name === 'head.weight') return [{ name, shape: shape.toReversed(), values }];
      if (name === 'cls_token') return [{ name: 'cls_tokens', shape, values }];
      return name.endsWith('norm1.bias') ? [] : [{ name, shape, values }];
    });
    const path = join(folder, 'other.safetensors');
    await writeFile(path, encodeSafetensors(given));
    const { status, stderr } = await vitrine(['explain', 'red.png', ...reference, '--weights', path], {
      cwd: folder,
    });
    await rm(path);
    expect(status).toBe(2);
    const [first, ...lines] = stderr.trimEnd().split('\n');
    expect(sentenceOf(first)).toMatch(/13 are missing and 1 have another shape, and 1 are there/);
    expect(lines.map((line) => line.trim())).toEqual([
      'it lacks 13:',
      'cls_token [1, 1, 192]',
      'blocks.0-11.norm1.bias [192]',
      'it holds, unknown to the model, 1:',
      'cls_tokens [1, 1, 192]: is it cls_token?',
      'it holds with another shape 1:',
      'head.weight [192, 1000], but the model needs [1000, 192]',
    ]);
  });

  test('NaN', async () => {
    const path = join(folder, 'nan.safetensors');
    await copyFile(await goodWeights(), path);
    const file = await open(path, 'r+');
    await file.write(Buffer.from([0, 0, 0xc0, 0x7f]), 0, 4, (await file.stat()).size - 4);
    await file.close();
    expect(await refused(['explain', 'red.png', ...reference, '--weights', path])).toMatch(
      /nan\.safetensors" holds NaN in tensor "head\.bias" .*value 999/,
    );
  });
});

async function goodWeights(): Promise<string> {
  const path = join(folder, 'good.safetensors');
  if (!existsSync(path)) await writeFile(path, encodeSafetensors(untrainedDeitTiny()));
  return path;
}
