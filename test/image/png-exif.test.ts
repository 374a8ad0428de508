import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { readPicture } from '../../src/node/pictures/read.js';
import { describeWithReference } from '../support/reference.js';
import { exif, exifMark } from './exif-bytes.js';
import { usePictureFiles } from './picture-files.js';
import { makePng } from './png-bytes.js';

const files = usePictureFiles();

function profile(type: string, data: Buffer): string {
  const lines = data.toString('hex').replace(/.{72}/g, '$&\n');
  return `\n${type}\n${String(data.length).padStart(8)}\n${lines}\n`;
}

function text(type: string, data: Buffer): [string, Buffer] {
  return ['tEXt', Buffer.from(`Raw profile type ${type}\0${profile(type, data)}`, 'latin1')];
}

function compressedText(type: string, data: Buffer): [string, Buffer] {
  const keyword = Buffer.from(`Raw profile type ${type}\0\0`, 'latin1');
  return ['zTXt', Buffer.concat([keyword, deflateSync(profile(type, data))])];
}

const six = { depth: 8, color: 0, width: 3, rows: [[0, 1, 2, 3], [0, 4, 5, 6]] }; // prettier-ignore

/** The grey values, row by row. */
async function read(
  others: [string, Buffer][],
  picture: Parameters<typeof makePng>[0] = six,
): Promise<number[][]> {
  const { data, width, height } = await files.read(makePng({ ...picture, others }));
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => data[3 * (y * width + x)]),
  );
}

/** By the orientation's number. */
const seen: Record<number, number[][]> = {
  1: [[1, 2, 3], [4, 5, 6]],
  2: [[3, 2, 1], [6, 5, 4]],
  3: [[6, 5, 4], [3, 2, 1]],
  4: [[4, 5, 6], [1, 2, 3]],
  5: [[1, 4], [2, 5], [3, 6]],
  6: [[4, 1], [5, 2], [6, 3]],
  7: [[6, 3], [5, 2], [4, 1]],
  8: [[3, 6], [2, 5], [1, 4]],
}; // prettier-ignore

describe('readPicture: the orientation that EXIF gives a PNG is applied, wherever it stands', () => {
  test.each(Object.keys(seen).map(Number))('%d', async (orientation) => {
    const places: [string, Buffer][] = [
      ['eXIf', exif(orientation)],
      ['eXIf', exif(orientation, true)],
      text('exif', Buffer.concat([exifMark, exif(orientation, true)])),
      text('APP1', Buffer.concat([exifMark, exif(orientation)])),
      compressedText('exif', Buffer.concat([exifMark, exif(orientation)])),
      compressedText('APP1', exif(orientation)),
    ];
    for (const place of places) expect(await read([place])).toEqual(seen[orientation]);
    // An independent decoder agrees.
    const turned = sharp(makePng({ ...six, others: places.slice(0, 1) }), { autoOrient: true });
    const { data, info } = await turned.raw().toBuffer({ resolveWithObject: true });
    expect(info.width).toBe(seen[orientation][0].length);
    expect(Array.from(data).filter((_, i) => i % info.channels === 0)).toEqual(seen[orientation].flat());
  });

  test('of an interlaced one too', async () => {
    const rows = [[0, 10], [0, 40]]; // prettier-ignore
    const interlaced = { depth: 8, color: 0, width: 1, height: 2, interlaced: true, rows };
    for (const place of [text('exif', exif(6)), ['eXIf', exif(6)] as [string, Buffer]])
      expect(await read([place], interlaced)).toEqual([[40, 10]]);
  });

  test('the chunk made for it counts more than text', async () => {
    expect(await read([text('exif', exif(6)), ['eXIf', exif(3)]])).toEqual(seen[3]);
  });

  test('what says nothing of it changes nothing', async () => {
    const mute: [string, Buffer][] = [
      ['tEXt', Buffer.from('Comment\0Raw profile type exif')],
      ['tEXt', Buffer.from('Raw profile type exif\0no profile')],
      ['zTXt', Buffer.from('Raw profile type exif\0\0not compressed')],
      text('exif', exif(6).subarray(0, 12)),
      text('APP1', Buffer.from('http://ns.adobe.com/xap/1.0/\0')),
      text('iptc', exif(6)),
      ['eXIf', exif(9)],
      ['eXIf', Buffer.alloc(0)],
    ];
    for (const chunk of mute) expect(await read([chunk])).toEqual(seen[1]);
  });
});

describeWithReference('readPicture: a photograph whose EXIF data stand in text', (reference) => {
  test('is turned', async () => {
    const path = join(reference, 'images', 'odd', 'raw_profile_exif.png');
    const { width, height, data } = await readPicture(path);
    expect([width, height]).toEqual([80, 120]);
    const turned = await sharp(path).rotate(90).removeAlpha().raw().toBuffer();
    expect(turned.equals(data)).toBe(true);
  });
});
