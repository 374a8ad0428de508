import { expect, test } from '@jest/globals';
import { inflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import sharp from 'sharp';
import { encodePng, encodePngBeside } from '../../src/node/index.js';
import { Random } from '../../src/random.js';

const sizes = [
  [1, 1],
  [1, 9],
  [9, 1],
  [64, 33],
] as const;
/** The number of the one filter. */
const UP = 2;

const ways = { encodePng, encodePngBeside };
const cases = sizes.flatMap((size) =>
  Object.entries(ways).map(([name, way]) => [...size, name, way] as const),
);

test.each(cases)(
  'a PNG of %i x %i pixels by %s is read by others as it was, checksums too',
  async (width, height, _name, way) => {
    const random = new Random(width);
    const data = Uint8Array.from({ length: 3 * width * height }, () => random.integer(256));
    const png = Buffer.from(await way({ width, height, data }));
    const { data: read, info } = await sharp(png, { failOn: 'warning' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([width, height, 3]);
    expect(new Uint8Array(read)).toEqual(data);
    // This one refuses wrong checksums.
    const { data: rgba } = PNG.sync.read(png, { checkCRC: true });
    expect(Uint8Array.from({ length: data.length }, (_, i) => rgba[4 * Math.floor(i / 3) + (i % 3)])).toEqual(
      data,
    );
    const broken = Buffer.from(png);
    broken[broken.length - 1] ^= 1;
    expect(() => PNG.sync.read(broken, { checkCRC: true })).toThrow('Crc error');
  },
);

test.each([1, 2, 3849, 3850, 3851, 400_000])(
  'what is compressed in halves, of %i pixels, has the checksum of the whole',
  async (width) => {
    // Sums that grow as fast as they can.
    const data = new Uint8Array(3 * width).fill(255);
    const png = Buffer.from(await encodePngBeside({ width, height: 1, data }));
    const start = png.indexOf('IDAT');
    const compressed = png.subarray(start + 4, start + 4 + png.readUInt32BE(start - 4));
    // zlib compares what it makes with the checksum, and refuses another.
    expect(inflateSync(compressed)).toEqual(Buffer.concat([Buffer.of(UP), data]));
    const broken = Buffer.from(compressed);
    broken[broken.length - 1] ^= 1;
    expect(() => inflateSync(broken)).toThrow('incorrect data check');
  },
);

test('what cannot be compressed comes in many pieces, and is the picture all the same', async () => {
  const size = { width: 1201, height: 900 };
  const random = new Random(1);
  const data = new Uint8Array(3 * size.width * size.height);
  for (let i = 0; i < data.length; i++) data[i] = random.integer(256);
  const png = Buffer.from(await encodePngBeside({ ...size, data }));
  expect(png.length).toBeGreaterThan(3 * 2 ** 20);
  const { data: rgba } = PNG.sync.read(png, { checkCRC: true });
  for (let i = 0; i < data.length; i++) {
    const shown = rgba[4 * Math.floor(i / 3) + (i % 3)];
    if (shown !== data[i]) throw new Error(`byte ${i} is ${shown}, not ${data[i]}`);
  }
});
