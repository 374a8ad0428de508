import { expect, test } from '@jest/globals';
import { PNG } from 'pngjs';
import sharp from 'sharp';
import { encodePng } from '../../src/node/index.js';
import { Random } from '../../src/random.js';

test.each([
  [1, 1],
  [1, 9],
  [9, 1],
  [64, 33],
])('a PNG of %i x %i pixels is read by others as it was, checksums too', async (width, height) => {
  const random = new Random(width);
  const data = Uint8Array.from({ length: 3 * width * height }, () => random.integer(256));
  const png = Buffer.from(encodePng({ width, height, data }));
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
});
