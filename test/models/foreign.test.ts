import { describe, expect, test } from '@jest/globals';
import { bytesSource, openTensors, type Sibling, type TensorFile } from '../../src/index.js';
import { littleEndian } from '../support/little-endian.js';
import { messageOf } from '../support/messages.js';
import { npyBytes } from '../support/npy-bytes.js';
import { pickleBytes } from '../support/pickle-bytes.js';
import { zipBytes } from '../support/zip-bytes.js';

const open = (bytes: Buffer, sibling?: Sibling): Promise<TensorFile> =>
  openTensors(bytesSource('file', new Uint8Array(bytes)), sibling);

const noSibling: Sibling = (name) => Promise.reject(new Error(`"${name}" is not asked for`));

const page = 'it looks like a web page, check where it was downloaded from';
const picture = 'it looks like a picture; give it with --image';
const compressed = 'it is compressed, unpack it first';

describe('what people take for a checkpoint is called what it is', () => {
  test.each([
    [
      'version https://git-lfs.github.com/spec/v1\noid sha256:0',
      'it looks like a Git LFS pointer, fetch the file itself ("git lfs pull")',
    ],
    ['<!doctype html><html lang="en">', page],
    ['\r\n\t <html>', page],
    ['<script>{"a": 1}</script>', page],
    ['{"a": 1}', 'it looks like JSON; give the file of the weights, or its index'],
    ['\n {', 'it looks like JSON; give the file of the weights, or its index'],
    ['\x89HDF\r\n\x1a\n', 'it looks like a file of Keras or MATLAB (HDF5), save the weights as safetensors'],
    ['GGUF\x03\0\0\0', 'it looks like a GGUF file, fetch the weights as safetensors'],
    ['\x89PNG\r\n\x1a\n', picture],
    ['\xff\xd8\xff\xe0', picture],
    ['RIFF\0\0\0\0WEBP', picture],
    ['\x1f\x8b\x08\0\0\0\0\0', compressed],
    // The ninth byte is that of a header of JSON, but no header is as long as these eight say.
    ['\x1f\x8b\x08\0\0\x01\x02\0{', compressed],
    ['\x1f\x8b\x08\0\0\x01\x02\x03{', compressed],
    ['BZh91AY&SY', compressed],
    ['\xfd7zXZ\0', compressed],
    ['\x28\xb5\x2f\xfd\x24', compressed],
    ['\x93NUMPY\x01\0', 'it is a single array of NumPy, and a checkpoint has many'],
  ])('%j', async (text, what) => {
    const bytes = Buffer.from(text, 'latin1');
    expect(await messageOf(open(bytes))).toBe(`"file" is no checkpoint: ${what}.`);
  });

  test('and with files beside it JSON is an index, and nothing else is', async () => {
    for (const text of ['{"a": 1}', ' \r\n\t{"a": 1}']) {
      expect(await messageOf(open(Buffer.from(text), noSibling))).toBe(
        '"file" is JSON, but not the index of a checkpoint: it has no "weight_map" of tensors and files.',
      );
    }
    for (const text of ['<script>{"a": 1}</script>', '<html>']) {
      expect(await messageOf(open(Buffer.from(text), noSibling))).toBe(`"file" is no checkpoint: ${page}.`);
    }
  });

  test('and what nothing is known of is no checkpoint either', async () => {
    expect(await messageOf(open(Buffer.from('PNG, RIFF and <html> come later')))).toBe(
      '"file" is no checkpoint of any known format, and no safetensors file: its first 8 bytes ask for a header of more ' +
        'than 100 MB.',
    );
  });
});

describe('a checkpoint is known by its first bytes', () => {
  const entry = '{"w":{"dtype":"F32","shape":[],"data_offsets":[0,4]}';
  // The length of a header may begin with any byte: here as a web page, a zip file, a pickle, JSON, or two of white space.
  test.each([0x3c, 0x80, 0x7b, 0x4b50, 0x2020, 0x1003c, 0x100003c])(
    'safetensors with a header of %i bytes',
    async (length) => {
      const header = Buffer.alloc(length, ' ');
      header.write(entry);
      header.write('}', length - 1);
      const bytes = Buffer.concat([
        littleEndian([8, length]),
        header,
        Buffer.from(Float32Array.of(7).buffer),
      ]);
      for (const sibling of [undefined, noSibling]) {
        const { format, tensors } = await open(bytes, sibling);
        expect(format).toBe('safetensors');
        expect(await tensors.get('w')!.read()).toEqual(Float32Array.of(7));
      }
    },
  );

  const array = { name: 'w.npy', data: npyBytes([2], Float32Array.of(1, 2)) };
  const pickle = (root: string) => ({ name: `${root}/data.pkl`, data: pickleBytes(null) });

  test('a zip file of arrays', async () => {
    const { format, tensors } = await open(zipBytes([{ name: 'notes.txt', data: Buffer.from('x') }, array]));
    expect([format, [...tensors.keys()]]).toEqual(['NumPy', ['w']]);
  });

  test.each([
    ['nothing', zipBytes([])],
    ['something else', zipBytes([{ name: 'notes.txt', data: Buffer.from('x') }])],
    ['two checkpoints', zipBytes([pickle('a'), pickle('b')])],
    ['two checkpoints and an array', zipBytes([pickle('a'), array, pickle('b')])],
    ['a pickle that is in no folder', zipBytes([{ name: 'data.pkl', data: pickleBytes(null) }])],
    ['a pickle too deep', zipBytes([pickle('a/b')])],
    ['a pickle by another name', zipBytes([{ name: 'a/data.pkl.txt', data: pickleBytes(null) }])],
  ])('a zip file that holds %s is none', async (_what, bytes) => {
    expect(await messageOf(open(bytes))).toBe(
      '"file" is a zip file, but holds neither what torch.save nor what numpy.savez writes; give the checkpoint itself.',
    );
  });

  test('beside a checkpoint of PyTorch arrays do not matter', async () => {
    expect(await messageOf(open(zipBytes([array, pickle('a')])))).toBe(
      '"file" holds None, and no tensors with names, as a state_dict has them.',
    );
  });
});
