import { cutOff, damaged, unreadable } from './refusals.js';

const FILE_HEADER = 14;
/** The kinds of header, by their bytes: of OS/2, of Windows, the same with three masks and with four, later ones. */
const [OS2, WINDOWS, THREE_MASKS, FOUR_MASKS, OS2_LONG, V4, V5] = [12, 40, 52, 56, 64, 108, 124];
const kinds = new Set([OS2, WINDOWS, THREE_MASKS, FOUR_MASKS, OS2_LONG, V4, V5]);

/** How pixels are stored, and how many bits they may then have. */
const bitsOf = { plain: [1, 4, 8, 16, 24, 32], runs8: [8], runs4: [4], masked: [16, 32] };
/** By the number of the header. */
const codings = ['plain', 'runs8', 'runs4', 'masked', undefined, undefined, 'masked'] as const;
const MASKED_WITH_ALPHA = 6;

const FIVE_BITS_EACH = [0x7c00, 0x3e0, 0x1f, 0];
const EIGHT_BITS_EACH = [0xff0000, 0xff00, 0xff, 0];

export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  /** True if the first row is the upper one. */
  readonly isTopDown: boolean;
  /** Of a pixel. Up to 8, it is an index of a colour. */
  readonly bits: number;
  readonly coding: keyof typeof bitsOf;
  /** [colours, entryBytes]: blue, green and red, and in all but the oldest kind a byte that means nothing. */
  readonly palette: Buffer;
  readonly entryBytes: number;
  /** The bits that are red, green, blue and alpha where a pixel is no index; none are alpha if there is none. */
  readonly masks: readonly number[];
  /** Where the pixels begin. */
  readonly start: number;
}

/** True if the bytes begin as a BMP file does. */
export function isBmp(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 2) === 'BM' && bytes.length >= 18 && kinds.has(bytes.readUInt32LE(14));
}

/**
 * What stands before the pixels. Source: Microsoft, "Bitmap header types".
 *
 * @throws ImageError if the bytes end before the pixels, contradict themselves or tell of pixels that nobody can read
 */
export function readBmpHeader(path: string, bytes: Buffer): BmpHeader {
  const kind = bytes.readUInt32LE(FILE_HEADER);
  const start = bytes.readUInt32LE(10);
  if (bytes.length < Math.max(FILE_HEADER + kind, start)) throw cutOff(path);
  const { width, rows, bits, compression, colours } = kind === OS2 ? oldFields(bytes) : fields(bytes);
  const coding = kind === OS2_LONG && compression > 2 ? undefined : codings[compression];
  if (!coding || !bitsOf[coding].includes(bits))
    throw unreadable(path, 'pixels of a kind that cannot be read');
  const maskCount = compression === MASKED_WITH_ALPHA || kind >= FOUR_MASKS ? 4 : 3;
  const hasMasksBehind = coding === 'masked' && kind === WINDOWS;
  const paletteStart = FILE_HEADER + kind + (hasMasksBehind ? 4 * maskCount : 0);
  const entryBytes = kind === OS2 ? 3 : 4;
  const paletteEnd = paletteStart + colours * entryBytes;
  const isTopDown = rows < 0;
  const makesNoSense = width < 0 || colours > 2 ** bits || (isTopDown && coding.startsWith('runs'));
  if (makesNoSense || paletteEnd > start) throw damaged(path);
  return {
    width,
    height: Math.abs(rows),
    isTopDown,
    bits,
    coding,
    palette: bytes.subarray(paletteStart, paletteEnd),
    entryBytes,
    masks: coding === 'masked' ? masksOf(bytes, maskCount) : bits === 16 ? FIVE_BITS_EACH : EIGHT_BITS_EACH,
    start,
  };
}

function fields(bytes: Buffer) {
  const bits = bytes.readUInt16LE(28);
  return {
    width: bytes.readInt32LE(18),
    rows: bytes.readInt32LE(22),
    bits,
    compression: bytes.readUInt32LE(30),
    colours: bits <= 8 ? bytes.readUInt32LE(46) || 2 ** bits : 0,
  };
}

function oldFields(bytes: Buffer) {
  const [width, rows, bits] = [18, 20, 24].map((at) => bytes.readUInt16LE(at));
  // It does not say how many colours there are, but may leave less room than for all that could be.
  const room = Math.max(0, Math.floor((bytes.readUInt32LE(10) - FILE_HEADER - OS2) / 3));
  return { width, rows, bits, compression: 0, colours: bits <= 8 ? Math.min(2 ** bits, room) : 0 };
}

/** In newer kinds they are a part of the header, at the same place. */
function masksOf(bytes: Buffer, count: number): number[] {
  return [0, 1, 2, 3].map((i) => (i < count ? bytes.readUInt32LE(FILE_HEADER + WINDOWS + 4 * i) : 0));
}
