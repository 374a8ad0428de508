import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { itemsOfTar } from '../../src/batch/inputs/tar.js';
import {
  cifarLayouts,
  cifarNames,
  cifarPictures,
  idxPictures,
  parseIdx,
  parseMat,
} from '../../src/data/sets/index.js';
import { bytesSource, openTensors } from '../../src/models/index.js';
import { describeModel } from '../../src/models/configuration/describe.js';
import { recognise } from '../../src/models/configuration/from-tensors.js';
import { parseLabels } from '../../src/models/configuration/labels.js';
import { architectureArguments } from '../../src/models/registry/architectures.js';
import { VisionTransformer } from '../../src/models/vision-transformer.js';
import { parameterCount } from '../../src/models/parameter-count.js';
import { parseJson } from '../../src/json.js';
import { decodePicture } from '../../src/node/pictures/decode.js';
import { pictureLimits, type PictureLimits } from '../../src/node/pictures/limits.js';
import { makeBmp } from '../image/bmp-bytes.js';
import { makeGif } from '../image/gif-bytes.js';
import { makePng } from '../image/png-bytes.js';
import { npyBytes } from '../support/npy-bytes.js';
import { pickleBytes } from '../support/pickle-bytes.js';
import { big, bytesOf, element, head, letters, matrix, packed, small } from '../support/set-files.js';
import { legacyBytes, stateDict, torchBytes } from '../support/torch-bytes.js';
import { tarBytes } from '../support/tar-bytes.js';
import { zipBytes } from '../support/zip-bytes.js';
import { mutated, mutatedJson } from './mutate.js';

type Random = () => number;

/** A reader and what is given to it. */
export interface FuzzedFormat {
  readonly make: (random: Random) => Buffer;
  /** @throws VitrineError if it refuses, which is what it is for */
  readonly read: (bytes: Buffer) => Promise<void>;
}

/** Files of the tests, the small ones. */
function fixtures(folder: string, pattern: RegExp): Buffer[] {
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).size < 30_000)
    .map((path) => readFileSync(path));
}

async function readTensors(bytes: Buffer): Promise<void> {
  const { tensors } = await openTensors(bytesSource('fuzzed', Uint8Array.from(bytes)));
  for (const tensor of tensors.values()) await tensor.read();
}

/**
 * A hundredth of what readers grant. A few bytes may claim as many pixels as are granted; the time and the memory that these take are
 * no fault of the reader, and would hide one.
 */
const limits: PictureLimits = {
  rows: pictureLimits.rows / 100,
  buffer: pictureLimits.buffer / 100,
  whole: pictureLimits.whole / 100,
  reduced: pictureLimits.reduced / 100,
  shortestSide: pictureLimits.shortestSide / 10,
};

const picture = async (bytes: Buffer): Promise<void> => {
  await decodePicture(bytes, 'fuzzed', limits);
};

const storage = {
  type: 'FloatStorage',
  count: 12,
  data: Buffer.from(Float32Array.from({ length: 12 }, Math.sqrt).buffer),
};
const views = [
  { name: 'a', storage: 0, offset: 0, shape: [3, 4], strides: [4, 1] },
  { name: 'b', storage: 0, offset: 2, shape: [2], strides: [0] },
];
const checkpoint = stateDict([storage], views);
const pickle = pickleBytes(checkpoint);

function safetensors(header: unknown, data: Buffer): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}
const header = {
  __metadata__: { format: 'pt' },
  a: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
  b: { dtype: 'BF16', shape: [4], data_offsets: [24, 32] },
};

const rows = [[0, 1, 2, 3, 4, 5, 6], [1, 9, 9, 9, 1, 1, 1]]; // prettier-ignore
const png = { depth: 8, color: 2, width: 2, rows };
const pngs = [
  makePng(png),
  makePng({
    depth: 2,
    color: 3,
    width: 3,
    rows: [[0, 0b00011011]],
    palette: [1, 2, 3, 4, 5, 6],
    transparency: [0],
  }),
  makePng({
    ...png,
    others: [
      ['acTL', Buffer.from(big(2).concat(big(0)))],
      ['tEXt', Buffer.from('Raw profile type exif\0\nexif\n  4\n00')],
    ],
  }),
];

const configs = [
  { model_type: 'vit', hidden_size: 32, num_hidden_layers: 2, num_attention_heads: 4, intermediate_size: 64, image_size: 24, patch_size: 8, id2label: { 0: 'cat', 1: 'dog' } },
  { model_type: 'dinov2', hidden_size: 32, num_hidden_layers: 2, num_attention_heads: 2, image_size: 28, patch_size: 14, mlp_ratio: 4, layerscale_value: 1, use_swiglu_ffn: true },
  { model_type: 'clip', vision_config: { hidden_size: 16, num_hidden_layers: 1, num_attention_heads: 2, image_size: 16, patch_size: 8, intermediate_size: 32, hidden_act: 'quick_gelu' } },
  { architecture: 'vit_tiny_patch16_224', num_classes: 2, label_names: ['a', 'b'], model_args: { img_size: [32, 48], num_heads: 6, reg_tokens: 4 }, pretrained_cfg: { input_size: [3, 32, 48], crop_pct: 0.9, interpolation: 'bilinear', mean: [0.5, 0.5, 0.5], std: [0.2, 0.2, 0.2] } },
]; // prettier-ignore
const preprocessors = [
  { size: { height: 24, width: 24 }, resample: 2, image_mean: [0.1, 0.2, 0.3], image_std: [0.4, 0.5, 0.6] },
  { crop_size: 24, size: { shortest_edge: 32 }, do_center_crop: true, resample: 3, image_mean: [0, 0, 0], image_std: [1, 1, 1] },
]; // prettier-ignore
const pairs = configs.flatMap((config) => preprocessors.map((preprocessor) => ({ config, preprocessor })));

const idx = [
  Buffer.from(bytesOf([0, 0, 8, 3], big(2), big(2), big(3), [...Array(12).keys()])),
  Buffer.from(bytesOf([0, 0, 8, 1], big(2), [0, 1])),
];
const cifar = [3073, 2 * 3073, 3074].map((length) => Buffer.alloc(length, 3));
const values = element(9, new Uint8Array(Float64Array.from([1, 2, 3]).buffer));
const mats = [
  Buffer.from(bytesOf(head, matrix(small(1, letters('a')), values))),
  Buffer.from(bytesOf(head, packed(matrix(small(1, letters('bc')), values)))),
];

const tars = [
  tarBytes([{ name: 'a.png', data: pngs[0] }, { name: 'b/c.png', data: pngs[1] }]),
  tarBytes([{ name: 'a.png', data: pngs[0], attributes: { path: 'long.png', size: pngs[0].length } }]),
]; // prettier-ignore

async function readTar(bytes: Buffer): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-fuzz-'));
  try {
    const path = join(folder, 'fuzzed.tar');
    writeFileSync(path, bytes);
    await itemsOfTar(path, { relative: (name) => name });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Everything that is parsed by readers of our own. */
export const formats: Readonly<Record<string, FuzzedFormat>> = {
  safetensors: of(
    [safetensors(header, Buffer.alloc(32, 1)), ...fixtures('test/fixtures/formats', /\.safetensors$/)],
    readTensors,
  ),
  'safetensors-header': {
    make: (random) => safetensors(mutatedJson([header], random), Buffer.alloc(32, 1)),
    read: readTensors,
  },
  'torch-zip': of(
    [
      torchBytes(checkpoint, [storage]),
      torchBytes(checkpoint, [storage], 'x', true),
      ...fixtures('test/fixtures/formats', /\.pth?$/),
    ],
    readTensors,
  ),
  'torch-pickle': {
    // The zip around it is whole, so that every change is read.
    make: (random) =>
      zipBytes([
        { name: 'archive/data.pkl', data: mutated([pickle], random) },
        { name: 'archive/data/0', data: storage.data },
      ]),
    read: readTensors,
  },
  'torch-legacy': of([legacyBytes(stateDict([storage], views, true), [storage])], readTensors),
  npz: {
    make: (random) =>
      zipBytes([
        { name: 'a.npy', data: mutated([npyBytes([2, 3], Float32Array.from([1, 2, 3, 4, 5, 6]))], random) },
      ]),
    read: readTensors,
  },
  tar: of(tars, readTar),
  png: of(pngs, picture),
  'png-pixels': {
    make: (random) =>
      makePng({ ...png, pixelData: deflateSync(mutated([Buffer.from(rows.flat())], random)) }),
    read: picture,
  },
  bmp: of([makeBmp({ width: 2, height: 2, bits: 24, data: Array<number>(16).fill(7) }), makeBmp({ width: 4, height: 2, bits: 8, compression: 1, palette: Array<number>(1024).fill(9), data: [4, 1, 0, 0, 4, 2, 0, 1] })], picture), // prettier-ignore
  pnm: of(['P1\n3 2\n1 0 1\n0 1 0\n', 'P2 4 1 65535 128 129 32768 65535', 'P5 2 1 255\nab', 'P6 2 1 255\nabcdef', 'P2# a\n2 1\n9\n8 # 9\n7'].map((text) => Buffer.from(text)), picture), // prettier-ignore
  gif: of(
    [makeGif({ canvas: [3, 2], left: 0, top: 0, width: 3, height: 2, pixels: [0, 1, 0, 1, 0, 1] })],
    picture,
  ),
  idx: of(idx, (bytes) => {
    parseIdx(bytes, 'fuzzed');
    return done(() =>
      idxPictures({ source: 'pictures', bytes }, { source: 'labels', bytes: idx[1] }).picture(0),
    );
  }),
  cifar: of(cifar, async (bytes) => {
    for (const layout of Object.values(cifarLayouts))
      await done(() => cifarPictures(bytes, 'fuzzed', layout).picture(0));
    cifarNames(bytes.toString(), 'fuzzed', 10);
  }),
  mat: of(mats, async (bytes) => {
    await parseMat(Uint8Array.from(bytes), 'fuzzed');
  }),
  config: {
    make: (random) => Buffer.from(JSON.stringify(mutatedJson(pairs, random))),
    read(bytes) {
      const { config, preprocessor } = Object(JSON.parse(bytes.toString())) as {
        config: unknown;
        preprocessor: unknown;
      };
      const found = describeModel({ config, preprocessor, source: 'fuzzed' }, architectureArguments);
      // What is built of it is built without numbers.
      if (parameterCount({ ...found.config, depth: 1 }) < 1e8) new VisionTransformer(found.config);
      return Promise.resolve();
    },
  },
  json: of(
    configs.map((config) => Buffer.from(JSON.stringify(config))),
    (bytes) => {
      parseJson(bytes.toString());
      parseLabels(bytes.toString(), 2, 'fuzzed');
      return Promise.resolve();
    },
  ),
  tensors: {
    make: (random) => Buffer.from(JSON.stringify(mutatedJson([tensorShapes], random))),
    read(bytes) {
      const shapes = Object.entries(Object(JSON.parse(bytes.toString())) as Record<string, unknown>);
      const sound = shapes.filter((entry): entry is [string, number[]] => isShape(entry[1]));
      recognise(new Map(sound.map(([name, shape]) => [name, { shape }])), 'fuzzed');
      return Promise.resolve();
    },
  },
};

const tensorShapes = {
  cls_token: [1, 1, 16],
  pos_embed: [1, 10, 16],
  'patch_embed.proj.weight': [16, 3, 8, 8],
  'blocks.0.attn.qkv.weight': [48, 16],
  'blocks.0.mlp.fc1.weight': [64, 16],
  'head.weight': [3, 16],
};

function isShape(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((extent) => Number.isInteger(extent) && extent >= 0);
}

function of(seeds: readonly Buffer[], read: FuzzedFormat['read']): FuzzedFormat {
  return { make: (random) => mutated(seeds, random), read };
}

async function done(work: () => unknown): Promise<void> {
  await work();
}
