import { describe, expect, test } from '@jest/globals';
import type { FileEntry } from '@zip.js/zip.js/index.min.js';
import { bytesSource, type ByteSource } from '../../src/index.js';
import { WeightsError } from '../../src/errors.js';
import { openArchive, type Archive } from '../../src/models/checkpoint/zip/archive.js';
import { readInflated } from '../../src/models/checkpoint/zip/inflate.js';
import { stretchOf } from '../../src/models/checkpoint/zip/stored.js';
import { preferringZip64 } from '../../src/models/checkpoint/zip/zip64.js';
import { littleEndian } from '../support/little-endian.js';
import { messageOf } from '../support/messages.js';
import { zipBytes } from '../support/zip-bytes.js';

const sourceOf = (bytes: Buffer): ByteSource => bytesSource('test.zip', new Uint8Array(bytes));
const open = (bytes: Buffer): Promise<Archive> => openArchive(sourceOf(bytes));

const data = Buffer.from('hello hello hello hello hello');
const stored = zipBytes([{ name: 'a', data }]);
const deflated = zipBytes([{ name: 'a', data, deflated: true }]);

/** All of a record. */
async function read(bytes: Buffer, name = 'a'): Promise<Buffer> {
  const record = (await open(bytes)).get(name)!;
  return Buffer.from(await record.read(0, record.size));
}

const [local, central] = [0x04034b50, 0x02014b50];

/** Changes a number in the first header that begins so. */
function changed(bytes: Buffer, header: number, at: number, length: 2 | 4, value: number): Buffer {
  const result = Buffer.from(bytes);
  result.set(littleEndian([length, value]), bytes.indexOf(littleEndian([4, header])) + at);
  return result;
}

/** The same fact in both headers of the first record, by its place in the shorter one. */
function changedInBoth(bytes: Buffer, at: number, length: 2 | 4, value: number): Buffer {
  return changed(changed(bytes, local, at, length, value), central, at + 2, length, value);
}

describe('a zip file', () => {
  test('has its records by name, and no folders', async () => {
    const records = [
      { name: 'a/', data: Buffer.alloc(0) },
      { name: 'a/b', data },
      { name: 'a/c', data, deflated: true },
    ];
    const archive = await open(zipBytes(records));
    expect([...archive.keys()]).toEqual(['a/b', 'a/c']);
    for (const record of archive.values()) {
      expect(record.size).toBe(29);
      expect(Buffer.from(await record.read(6, 11)).toString()).toBe('hello');
      expect(Buffer.from(await record.read(0, 29))).toEqual(data);
    }
  });

  const notWhole = (why: string): string =>
    `is no whole zip file, as a PyTorch checkpoint is (${why}): it was cut short or is damaged; fetch it again`;
  const inflating = (why: string): string =>
    `is damaged: its record "a" cannot be decompressed (${why}); fetch it again`;
  test.each<[string, Buffer, string]>([
    ['is cut short', stored.subarray(0, -30), notWhole('end of central directory not found')],
    ['has two records of a name', zipBytes([{ name: 'a', data }, { name: 'a', data }]), notWhole('ambiguous archive')],
    ['is encrypted', changedInBoth(stored, 6, 2, 0x801), 'is encrypted; save it without a password'],
    [
      'is compressed in a way of which nothing is known',
      changedInBoth(deflated, 8, 2, 12),
      'holds "a" compressed in a way that is not known (method 12)',
    ],
    [
      'has fewer bytes of a record than it says',
      changedInBoth(stored, 22, 4, 40),
      'is damaged: its record "a" has 29 bytes and, not compressed, 40',
    ],
    [
      'has more bytes of a record than it says',
      changedInBoth(stored, 18, 4, 40),
      'is damaged: its record "a" has 40 bytes and, not compressed, 29',
    ],
    [
      'says of a record that it is larger than the file',
      changed(changed(stored, central, 20, 4, 1e6), central, 24, 4, 1e6),
      'is damaged: its record "a" would end at byte 1000064 of 238; fetch it again',
    ],
    [
      'has no record where it should be',
      changed(stored, local, 0, 4, 7),
      'is damaged: its record "a" is not where the directory says; fetch it again',
    ],
    ['has other bytes than it promises', changedInBoth(deflated, 14, 4, 7), inflating('invalid crc32')],
    ['has no compressed record where it should be', changed(deflated, local, 0, 4, 7), inflating('local file header not found')],
  ])('that %s is refused', async (_what, bytes, words) => {
    expect(await messageOf(read(bytes))).toBe(`"test.zip" ${words}.`);
  }); // prettier-ignore

  test('that cannot be read is not said to be damaged', async () => {
    const broken = new WeightsError('the disk is gone');
    const refused = openArchive({ ...sourceOf(stored), read: () => Promise.reject(broken) });
    await expect(refused).rejects.toBe(broken);
    // Nor where the end of it could be read, and its directory not.
    let reads = 0;
    const source = sourceOf(stored);
    const later: ByteSource = {
      ...source,
      read: (begin, end) => (reads++ < 1 ? source.read(begin, end) : Promise.reject(broken)),
    };
    await expect(openArchive(later)).rejects.toBe(broken);
  });
});

describe('a compressed record', () => {
  /** An entry of a directory that promises so many bytes, of a record that comes in these pieces. */
  const entry = (promised: number, ...pieces: readonly number[]) =>
    ({
      filename: 'a\n',
      uncompressedSize: promised,
      getData: async (writable: WritableStream<Uint8Array>) => {
        const writer = writable.getWriter();
        for (const [i, length] of pieces.entries()) await writer.write(new Uint8Array(length).fill(i + 1));
      },
    }) as unknown as FileEntry;

  test('may come in pieces', async () => {
    expect([...(await readInflated(entry(5, 2, 3), 'test.zip'))]).toEqual([1, 1, 2, 2, 2]);
    expect(await readInflated(entry(0), 'test.zip')).toHaveLength(0);
  });

  test.each<[string, FileEntry, string]>([
    ['more at once', entry(4, 5), 'it is longer than the directory says'],
    ['more bit by bit', entry(4, 3, 2), 'it is longer than the directory says'],
    ['less', entry(6, 3, 2), 'it is shorter than the directory says'],
    ['nothing', entry(1), 'it is shorter than the directory says'],
  ])('that comes to %s than is promised is refused', async (_what, record, why) => {
    expect(await messageOf(readInflated(record, 'test.zip'))).toBe(
      `"test.zip" is damaged: its record "a\\n" cannot be decompressed (${why}); fetch it again.`,
    );
  });
});

describe('where a stored record begins', () => {
  /** The header of a record with lengths of its name and of what follows it. */
  const header = (name: number, further: number): Buffer =>
    Buffer.concat([littleEndian([4, local]), Buffer.alloc(22), littleEndian([2, name], [2, further])]);
  const entry = (offset: number, uncompressedSize: number) =>
    ({ filename: 'a', offset, uncompressedSize }) as FileEntry;

  test.each<[string, Buffer, FileEntry, number]>([
    ['behind its name and what follows it', Buffer.concat([header(3, 5), Buffer.alloc(12)]), entry(0, 4), 38],
    ['and may end with the file', Buffer.concat([Buffer.alloc(9), header(1, 0), Buffer.alloc(8)]), entry(9, 7), 40],
    ['and have nothing', header(0, 0), entry(0, 0), 30],
  ])('is %s', async (_what, bytes, record, begin) => {
    expect(await stretchOf(sourceOf(bytes), record)).toBe(begin);
  }); // prettier-ignore

  test.each<[string, Buffer, FileEntry, string]>([
    ['beyond the end', header(0, 0), entry(31, 0), 'would begin at byte 31, beyond the end'],
    ['too close to the end', header(0, 0), entry(1, 0), 'would begin at byte 1, beyond the end'],
    ['at something else', Buffer.alloc(40), entry(0, 0), 'is not where the directory says'],
    ['at too few bytes', Buffer.concat([header(1, 1), Buffer.alloc(4)]), entry(0, 3), 'would end at byte 35 of 34'],
  ])('is not %s', async (_what, bytes, record, words) => {
    expect(await messageOf(stretchOf(sourceOf(bytes), record))).toBe(
      `"test.zip" is damaged: its record "a" ${words}; fetch it again.`,
    );
  }); // prettier-ignore
});

describe('of two end records the one of zip64 is believed', () => {
  const locator = Buffer.concat([littleEndian([4, 0x07064b50]), Buffer.alloc(16, 1)]);
  const end = Buffer.concat([littleEndian([4, 0x06054b50]), Buffer.alloc(18, 2)]);
  const before = Buffer.alloc(10, 3);
  /** What is read where the counts, the size and the place of the directory are: bytes 8 to 20 of the last record. */
  const hidden = Buffer.concat([end.subarray(0, 8), Buffer.alloc(12, 0xff), end.subarray(20)]);

  test('by hiding what the other says, wherever it is read', async () => {
    const all = Buffer.concat([before, locator, end]);
    const expected = Buffer.concat([before, locator, hidden]);
    const source = sourceOf(all);
    const preferring = await preferringZip64(source);
    expect([preferring.name, preferring.size]).toEqual(['test.zip', 52]);
    for (let first = 0; first <= 52; first++) {
      for (let last = first; last <= 52; last++) {
        const found = Buffer.from(await preferring.read(first, last));
        expect([first, last, found]).toEqual([first, last, expected.subarray(first, last)]);
      }
    }
    expect(Buffer.from(await source.read(0, 52))).toEqual(all);
  });

  test('without a copy of what is beside it', async () => {
    const bytes = new Uint8Array(Buffer.concat([before, locator, end]));
    const preferring = await preferringZip64(bytesSource('test.zip', bytes));
    // The fields are bytes 38 to 50.
    for (const [first, last] of [[0, 38], [5, 20], [50, 52]]) expect((await preferring.read(first, last)).buffer).toBe(bytes.buffer); // prettier-ignore
    expect((await preferring.read(0, 39)).buffer).not.toBe(bytes.buffer);
    expect((await preferring.read(49, 52)).buffer).not.toBe(bytes.buffer);
  });

  test('also where nothing else is in the file', async () => {
    const preferring = await preferringZip64(sourceOf(Buffer.concat([locator, end])));
    expect(Buffer.from(await preferring.read(20, 42))).toEqual(hidden);
  });

  test.each([
    ['only one of them', Buffer.concat([before, Buffer.alloc(20), end])],
    ['only the other', Buffer.concat([before, locator, Buffer.alloc(22)])],
    ['too little for both', Buffer.concat([locator, end]).subarray(1)],
    ['next to nothing', Buffer.alloc(3)],
    ['nothing', Buffer.alloc(0)],
  ])('if there is %s, all is left as it is', async (_what, bytes) => {
    const plain = sourceOf(bytes);
    const source: ByteSource = {
      ...plain,
      read: (begin, last) => {
        expect(begin).toBeGreaterThanOrEqual(0);
        return plain.read(begin, last);
      },
    };
    expect(await preferringZip64(source)).toBe(source);
  });
});
