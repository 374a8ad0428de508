import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { av1FrameSizes } from '../../src/node/pictures/av1.js';
import { avifSizes } from '../../src/node/pictures/avif.js';
import { usePictureFiles } from './picture-files.js';

const files = usePictureFiles();

/** Numbers with as many bits as stand before them. */
type Bits = [count: number, value: number][];

function packed(bits: Bits): Buffer {
  const all = bits.map(([count, value]) => BigInt(value).toString(2).padStart(count, '0')).join('');
  return Buffer.from(all.match(/.{1,8}/g)!.map((byte) => parseInt(byte.padEnd(8, '0'), 2)));
}

const profileAndStill: Bits = [[3, 0], [1, 1]]; // prettier-ignore
const size = (width: number, height: number): Bits => [[4, 15], [4, 14], [16, width - 1], [15, height - 1]]; // prettier-ignore
/** A still picture's, with no more than it needs. */
const short = (width: number, height: number): Buffer =>
  packed([...profileAndStill, [1, 1], [5, 31], ...size(width, height)]);

/** An open bitstream unit with its length, in two bytes. */
function unit(type: number, content: Buffer, extended = false): Buffer {
  const header = [(type << 3) | (extended ? 4 : 0) | 2, ...(extended ? [0] : [])];
  return Buffer.concat([
    Buffer.from([...header, (content.length & 0x7f) | 0x80, content.length >> 7]),
    content,
  ]);
}

describe('the sizes of frames that AV1 data announce', () => {
  test('in the header of a still picture, behind others, and in every one', () => {
    const data = [unit(2, Buffer.alloc(0)), unit(1, short(640, 480), true), unit(6, Buffer.alloc(200)), unit(1, short(7, 9))];
    expect(av1FrameSizes(Buffer.concat(data))).toEqual([{ width: 640, height: 480 }, { width: 7, height: 9 }]);
  }); // prettier-ignore

  test('in a unit without a length, which goes on to the end', () => {
    expect(av1FrameSizes(Buffer.concat([Buffer.from([1 << 3]), short(640, 480)]))).toEqual([
      { width: 640, height: 480 },
    ]);
  });

  const ticks: Bits = [[32, 1], [32, 25]]; // prettier-ignore
  const point = (level: number, ...more: Bits): Bits => [[12, 0], [5, level], ...more];
  const films: [string, Bits][] = [
    ['neither times nor delays', [[1, 0], [1, 0], [5, 0], ...point(4)]],
    ['two levels, one of them high', [[1, 0], [1, 0], [5, 1], ...point(4), ...point(9, [1, 1])]],
    ['delays at the beginning', [[1, 0], [1, 1], [5, 1], ...point(4, [1, 1], [4, 3]), ...point(4, [1, 0])]],
    ['times', [[1, 1], ...ticks, [1, 0], [1, 0], [1, 0], [5, 0], ...point(4)]],
    ['times of a number of ticks', [[1, 1], ...ticks, [1, 1], [3, 0], [1, 1], [3, 5], [1, 0], [1, 0], [5, 0], ...point(4)]],
    ['times and the decoder that they are for', [[1, 1], ...ticks, [1, 0], [1, 1], [5, 9], [32, 1], [5, 3], [5, 3], [1, 0], [5, 1], ...point(4, [1, 1], [10, 7], [10, 7], [1, 0]), ...point(4, [1, 0])]],
  ]; // prettier-ignore
  test.each(films)('in the header of a film with %s', (_, bits) => {
    const header = packed([...profileAndStill, [1, 0], ...bits, ...size(1921, 1083)]);
    expect(av1FrameSizes(unit(1, header))).toEqual([{ width: 1921, height: 1083 }]);
  });

  test('are not made up where the header ends early', () => {
    expect(thrownBy(() => av1FrameSizes(unit(1, short(640, 480).subarray(0, 5))))).toBe('RangeError');
    expect(thrownBy(() => av1FrameSizes(Buffer.from([0x0a, 0x80])))).toBe('RangeError');
  });
});

const u16 = (value: number): number[] => [value >> 8, value & 0xff];
const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)];
const box = (type: string, ...content: (number[] | Buffer)[]): Buffer => {
  const bytes = Buffer.concat(content.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from(u32(8 + bytes.length)), Buffer.from(type), bytes]);
};

interface Item {
  type: string;
  data: Buffer;
  /** In the box for it instead of behind all others. */
  isInside?: boolean;
}

/** The boxes of an AVIF file that tell of its items, each in two pieces. @param wide with the longer form of all numbers */
function makeAvif(items: Item[], wide: boolean): Buffer {
  const [version, id] = wide ? [2, u32] : [1, u16];
  const number = (value: number): number[] => (wide ? [...u32(0), ...u32(value)] : u32(value));
  const entries = items.map(({ type }, i) =>
    box('infe', [wide ? 3 : 2, 0, 0, 0], id(i + 1), u16(0), Buffer.from(type), [0]),
  );
  const behind = items.filter(({ isInside }) => !isInside);
  const inside = items.filter(({ isInside }) => isInside);
  const locations = (start: number): Buffer[] =>
    items.map((item, i) => {
      const group = item.isInside ? inside : behind;
      const before = group.slice(0, group.indexOf(item)).reduce((sum, { data }) => sum + data.length, 0);
      const base = before + (item.isInside ? 0 : start);
      const half = item.data.length >> 1;
      const extents = [[0, half], [half, item.data.length - half]].flatMap((pair) => pair.flatMap(number)); // prettier-ignore
      return Buffer.from([
        ...id(i + 1),
        ...u16(item.isInside ? 1 : 0),
        ...u16(0),
        ...number(base),
        ...u16(2),
        ...extents,
      ]);
    });
  const sizes = wide ? [0x88, 0x80] : [0x44, 0x40];
  const make = (start: number): Buffer =>
    Buffer.concat([
      box('ftyp', Buffer.from('avif'), u32(0)),
      box(
        'meta',
        u32(0),
        box('iinf', [wide ? 1 : 0, 0, 0, 0], id(items.length), ...entries),
        box('iloc', [version, 0, 0, 0], sizes, id(items.length), ...locations(start)),
        box('idat', ...inside.map(({ data }) => data)),
      ),
      // Its length stands behind its name, or it has none and goes on to the end.
      Buffer.from([
        ...u32(wide ? 1 : 0),
        ...Buffer.from('mdat'),
        ...(wide ? [...u32(0), ...u32(16 + dataBytes)] : []),
      ]),
    ]);
  const dataBytes = behind.reduce((sum, { data }) => sum + data.length, 0);
  return Buffer.concat([make(make(0).length), ...behind.map(({ data }) => data)]);
}

describe('the sizes that an AVIF file holds', () => {
  const items: Item[] = [
    { type: 'av01', data: unit(1, short(640, 480)) },
    { type: 'Exif', data: unit(1, short(60_000, 16_000)) },
    { type: 'grid', data: Buffer.from([0, 0, 1, 1, ...u16(1280), ...u16(960)]), isInside: true },
    { type: 'grid', data: Buffer.from([0, 1, 1, 1, ...u32(70_000), ...u32(9)]), isInside: true },
    { type: 'iovl', data: Buffer.from([0, 0, ...u32(0), ...u32(0), ...u16(33), ...u16(44)]), isInside: true },
    { type: 'av01', data: unit(1, short(7, 9)) },
  ];
  const sizes = [[640, 480], [1280, 960], [70_000, 9], [33, 44], [7, 9]].map(([width, height]) => ({ width, height })); // prettier-ignore

  test.each([false, true])('are those of all its frames and canvases (long numbers: %s)', (wide) => {
    expect(avifSizes(makeAvif(items, wide))).toEqual(sizes);
  });

  test('are what an encoder was given', async () => {
    const bytes = await sharp({ create: { width: 40, height: 30, channels: 4, background: '#80808080' } })
      .avif()
      .toBuffer();
    // Colours and alpha are frames of their own.
    expect(avifSizes(bytes)).toEqual([{ width: 40, height: 30 }, { width: 40, height: 30 }]); // prettier-ignore
    expect(await files.outcome(bytes)).toHaveLength(40 * 30);
  });

  test('are refused where the boxes contradict themselves', () => {
    const whole = makeAvif(items, false);
    const changed = (at: number, ...bytes: number[]): Buffer => {
      const copy = Buffer.from(whole);
      copy.set(bytes, at);
      return copy;
    };
    const iloc = whole.indexOf('iloc');
    const bad: Record<string, Buffer> = {
      'no items': whole.subarray(0, 20),
      'a box that ends before it begins': changed(iloc - 4, 0, 0, 0, 3),
      'items made of items': changed(iloc + 4 + 4 + 2 + 2 + 2, ...u16(2)),
      'items that name the whole file again and again': changed(iloc + 4 + 4, 0, 0),
      'more items than there are': changed(iloc + 4 + 4 + 2, 0xff, 0xff),
    };
    for (const [name, bytes] of Object.entries(bad))
      expect([name, thrownBy(() => avifSizes(bytes))]).toEqual([name, 'RangeError']);
  });
});

/** Its name, because those that Node throws are not of the class that a test knows by that name. */
function thrownBy(action: () => unknown): string {
  try {
    action();
    return 'nothing';
  } catch (error) {
    return (error as Error).name;
  }
}
