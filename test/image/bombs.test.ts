import { beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createDeflate, inflateSync } from 'node:zlib';
import { usePictureFiles } from './picture-files.js';
import { makePng, type PngDescription } from './png-bytes.js';
import { makeTiff } from './tiff-bytes.js';

const files = usePictureFiles();

const MIB = 2 ** 20;
const HELD = 600; // MiB that each would take
const script = fileURLToPath(new URL('../support/picture-memory.js', import.meta.url));

/** Zeros, compressed to less than a hundredth. */
let zeros: Buffer;
beforeAll(async () => {
  zeros = await buffer(
    Readable.from(Array<Buffer>(HELD).fill(Buffer.alloc(MIB))).pipe(createDeflate({ level: 1 })),
  );
});

/** 16000 x 16000 pixels of one colour in a box that says 8 x 8. */
const avif = inflateSync(
  Buffer.from(
    'eNpjYGCQSSupLEgsy0xjAILczDRDEDs3MxHEv5abWpLIAAGKGSk5RVA2Q0FmcgkDGuAryCzJBbMYgVgpMyc/GcRxcQDyGcHiv6A0A98pIKGcmZmXBlcvCuSk' +
      'MkF5iWUGhiBmWGZBUQGQtsgsSM4H0jyJZYbOjfI8IDmRzOKCVKjVHFAsUJBZkQkSYObgAPHFMgtyYe4HOoK5kYkZaPml3JTEEiEGLm7573X1P/83MUnxchjt' +
      'kBVQYWAVCXQC2vrl5Bsx88887vHPvL6csUxc6qc7/+4tJXO31d43TNbPNnFTaddY+9Ngy1uGAJ8qufP9X9is/P8qcDCo1m89axWx2YPLSijMN3zuroL+W192' +
      'C33v3dxr1HilbnNN+be2q9cFvwXL79+kc2TJfZ3rH0y9v/a2WS45FSl+SXjuywf+5cLe3z5EbZnEqPUhQn7LbdYJq52ck6RN4+erPv3TYjLB8eeUFRt+C4r/' +
      'EZq0Yg3DrtbLpxYez2NoYAr/HXN5abdJw+KFqilXK28v5/i73nujfsVti8sasu6vzQ8MmMWF1LN4t3rtlru7MvZa7G3+1ZOZxvuHMb5bJGenuGLS966wD42H' +
      'DKWvWe6RX3Nn5AXyaOyOxu5o7I7G7mjsjsbuaOyOxu5o7I7GLmmxm09nvx4Y/hbSLxINAOdkvoc=',
    'base64',
  ),
);

const TINY: PngDescription = { depth: 8, color: 0, width: 1, height: 1, rows: [[0, 7]] };
const named = (name: string, zeros: Buffer): Buffer => Buffer.concat([Buffer.from(`${name}\0\0`), zeros]);

test('no file of few bytes that claims few pixels makes the reader take much memory', async () => {
  const tiff = { width: 8, height: 8, photometric: 1, samplesPerPixel: 1, compression: 8 };
  const bombs: Record<string, Buffer> = {
    'PNG whose pixels go on': makePng({ ...TINY, pixelData: zeros }),
    'interlaced PNG whose pixels go on': makePng({ ...TINY, interlaced: true, pixelData: zeros }),
    'PNG with a long text': makePng({ ...TINY, others: [['zTXt', named('Raw profile type exif', zeros)]] }),
    'PNG with a long profile': makePng({
      ...TINY,
      pixelData: zeros,
      others: [['iCCP', named('sRGB', zeros)]],
    }),
    'TIFF whose strip goes on': makeTiff({ ...tiff, data: zeros }),
    'AVIF whose frame is larger than its box says': avif,
  };
  const paths: string[] = [];
  for (const bytes of Object.values(bombs)) paths.push(await files.stored(bytes, `bomb${paths.length}`));
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...paths]);
  const peaks = JSON.parse(stdout) as number[];
  expect(peaks).toHaveLength(1 + paths.length);
  const growth = Object.keys(bombs).map((name, i) => [name, Math.round(peaks[i + 1] - peaks[i])] as const);
  // Loading a decoder takes some too.
  expect(growth.filter(([, grown]) => grown > HELD / 4)).toEqual([]);
});

test('what such a file shows is read all the same, unless it contradicts itself', async () => {
  expect(await files.outcome(makePng({ ...TINY, pixelData: zeros }))).toEqual([[0, 0, 0]]);
  expect(await files.outcome(makePng({ ...TINY, interlaced: true, pixelData: zeros }))).toEqual([[0, 0, 0]]);
  expect(await files.outcome(avif)).toMatch(/^claims 16000x16000 pixels, more than the limit of 100 million/);
});
