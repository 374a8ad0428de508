import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import sharp from 'sharp';
import { readPicture } from '../../src/node/pictures/read.js';
import { describeWithReference } from '../support/reference.js';
import { usePictureFiles } from './picture-files.js';
import { pictureByFormula } from './pictures.js';

const SIDE = 64;
const EOI = [0xff, 0xd9];
const CUT_OFF = 'is cut off before the end of the picture: copy or download it again.';

const files = usePictureFiles();

const read = async (bytes: Uint8Array): Promise<number[]> => Array.from((await files.read(bytes)).data);

function encoded(options: { progressive?: boolean; mozjpeg?: boolean }): Promise<Buffer> {
  const { data } = pictureByFormula(SIDE, SIDE);
  return sharp(data, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .jpeg(options)
    .toBuffer();
}

function inserted(bytes: Buffer, at: number, added: number[]): Buffer {
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(added), bytes.subarray(at)]);
}

/** Where the markers of scans stand. */
function scansOf(bytes: Buffer): number[] {
  return [...bytes.keys()].filter((at) => bytes[at] === 0xff && bytes[at + 1] === 0xda);
}

const kinds = [
  ['baseline', {}],
  ['progressive', { progressive: true }],
  ['progressive without refinement', { mozjpeg: true }],
] as const;

describe.each(kinds)('readPicture: %s JPEG', (_, options) => {
  test('with the end marker inside the data of a scan is refused', async () => {
    const whole = await encoded(options);
    const scans = scansOf(whole);
    const ends = [...scans.slice(1), whole.length];
    for (const [i, start] of scans.entries()) {
      const middle = (start + 20 + ends[i]) >> 1;
      // Between the data of two scans may lie a table, which is then no table any more.
      await expect(read(inserted(whole, middle, EOI))).rejects.toThrow(/is (cut off|damaged)/);
    }
  });

  test('that ends before a scan is refused, with an end marker and without', async () => {
    const whole = await encoded(options);
    for (const scan of scansOf(whole)) {
      await expect(read(whole.subarray(0, scan))).rejects.toThrow(CUT_OFF);
      await expect(read(inserted(whole, scan, EOI))).rejects.toThrow(CUT_OFF);
    }
  });

  test('whose header claims more rows is refused', async () => {
    const whole = await encoded(options);
    const frame = [...whole.keys()].find((at) => whole[at] === 0xff && [0xc0, 0xc2].includes(whole[at + 1]));
    whole.writeUInt16BE(2 * SIDE, (frame ?? NaN) + 5);
    await expect(read(whole)).rejects.toThrow(/is (cut off|damaged)/);
  });

  test('with an oddity that costs no pixel is read as without', async () => {
    const whole = await encoded(options);
    const expected = Array.from(await sharp(whole).raw().toBuffer());
    const jfif = (major: number) => [
      ...[0xff, 0xe0, 0, 16, ...Buffer.from('JFIF\0'), major, 9],
      ...[7, 0, 1, 0, 1, 9, 9],
    ];
    const odd: Record<string, Buffer> = {
      none: whole,
      'bytes behind the end': Buffer.concat([whole, Buffer.from('tail')]),
      'another picture behind the end': Buffer.concat([whole, whole.subarray(0, 300)]),
      'no end marker': whole.subarray(0, -2),
      'half an end marker': whole.subarray(0, -1),
      'fill bytes before the end marker': inserted(whole, whole.length - 2, [0xff, 0xff]),
      'bytes between segments': inserted(whole, 2, [1, 2, 3]),
      'JFIF of an unknown version, unit and preview': inserted(whole, 2, jfif(3)),
      'EXIF without anything in it': inserted(whole, 2, [0xff, 0xe1, 0, 8, ...Buffer.from('Exif\0\0')]),
    };
    for (const [name, bytes] of Object.entries(odd))
      expect([name, await read(bytes)]).toEqual([name, expected]);
  });
});

test('readPicture: of a baseline JPEG, what a scan says of its coefficients does not matter', async () => {
  const whole = await encoded({});
  const expected = await read(whole);
  const [scan] = scansOf(whole);
  whole.set([0, 0, 0], scan + 2 + whole.readUInt16BE(scan + 2) - 3);
  expect(await read(whole)).toEqual(expected);
});

test('readPicture: a JPEG whose scan header has no length is refused', async () => {
  const whole = await encoded({});
  const [scan] = scansOf(whole);
  whole.set([0, 0], scan + 2);
  await expect(read(whole)).rejects.toThrow(/is damaged/);
});

describeWithReference('readPicture: a photograph closed in the middle', (reference) => {
  test('is refused', async () => {
    const path = join(reference, 'images', 'odd', 'closed_in_the_middle.jpg');
    await expect(readPicture(path)).rejects.toThrow(`${path} ${CUT_OFF}`);
  });
});
