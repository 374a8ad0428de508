const SOI = Buffer.from([0xff, 0xd8]);
const EOI = Buffer.from([0xff, 0xd9]);
const START_OF_SCAN = 0xda;
const COEFFICIENTS = 64; // of a block of 8 x 8 pixels

const sequentialFrames = new Set([0xc0, 0xc1, 0xc9]);
const progressiveFrames = new Set([0xc2, 0xca]);

/** True if the bytes begin as a JPEG file does. */
export function isJpeg(bytes: Buffer): boolean {
  return bytes.subarray(0, SOI.length).equals(SOI);
}

export interface JpegOutline {
  /**
   * The first picture, with what decoders warn of without a pixel being at stake put right: bytes between segments
   * and behind the end, no end marker, numbers of versions. Any warning that remains tells of pixels made up.
   */
  readonly tidied: Buffer;
  /** False if a coefficient of a colour is sent by no scan, or not to its last bit, or a segment is cut off. */
  readonly isComplete: boolean;
  /** Of several, all must be there before the first row can be decoded. */
  readonly scans: number;
}

/** Walks the segments, without decoding a pixel. Source: ITU-T T.81, annex B, and JFIF 1.02. */
export function outlineJpeg(bytes: Buffer): JpegOutline {
  const pieces: Buffer[] = [SOI];
  const sent = new Map<number, Int8Array>();
  let [frame, scans] = [0, 0];
  let isWhole = true;
  let at = nextMarker(bytes, SOI.length);
  while (at < bytes.length && bytes[at + 1] !== EOI[1]) {
    const marker = bytes[at + 1];
    const length = at + 4 <= bytes.length ? bytes.readUInt16BE(at + 2) : Infinity;
    const segment = Buffer.from(bytes.subarray(at, at + 2 + length));
    pieces.push(segment);
    if (segment.length < 2 + length) isWhole = false;
    at += segment.length;
    if (isJfif(segment)) segment.set([1, 2], 9);
    if (sequentialFrames.has(marker) || progressiveFrames.has(marker)) {
      frame = marker;
      for (let i = 0; i < segment[9]; i++)
        sent.set(segment[10 + 3 * i], new Int8Array(COEFFICIENTS).fill(-1));
    }
    if (marker === START_OF_SCAN && isWhole) {
      scans++;
      // Of these frames, a scan sends everything, whatever its header says.
      if (sequentialFrames.has(frame)) segment.set([0, COEFFICIENTS - 1, 0], segment.length - 3);
      recordScan(segment, sent);
      const end = endOfScan(bytes, at);
      pieces.push(bytes.subarray(at, end));
      at = end;
    }
    at = nextMarker(bytes, at);
  }
  const isSent = [...sent.values()].every((lowestBits) => lowestBits.every((bit) => bit === 0));
  return { tidied: Buffer.concat([...pieces, EOI]), isComplete: isWhole && isSent, scans };
}

function isJfif(segment: Buffer): boolean {
  return segment[1] === 0xe0 && segment.length > 10 && segment.toString('latin1', 4, 9) === 'JFIF\0';
}

/** Notes the lowest bit that is known of each coefficient that the scan sends. */
function recordScan(segment: Buffer, lowestBits: ReadonlyMap<number, Int8Array>): void {
  const [first, last, bits] = segment.subarray(-3);
  for (let i = 0; i < segment[4]; i++) lowestBits.get(segment[5 + 2 * i])?.fill(bits & 0xf, first, last + 1);
}

/** Where the next marker stands, or the end of the bytes. */
function nextMarker(bytes: Buffer, from: number): number {
  let at = bytes.indexOf(0xff, from);
  // Any number of fill bytes may stand before the marker's own; a zero makes it none.
  while (at >= 0 && (bytes[at + 1] === 0xff || bytes[at + 1] === 0)) at = bytes.indexOf(0xff, at + 1);
  return at < 0 || at + 1 === bytes.length ? bytes.length : at;
}

/** Where the first marker stands that does not belong into a scan's data, as those of restarts do. */
function endOfScan(bytes: Buffer, from: number): number {
  let at = nextMarker(bytes, from);
  while (bytes[at + 1] >= 0xd0 && bytes[at + 1] <= 0xd7) at = nextMarker(bytes, at + 2);
  return at;
}
