import type { BmpHeader } from './bmp-header.js';
import { cutOff, damaged, unreadable } from './refusals.js';

/** What a count of 0 tells by the number behind it; a higher one is a count of pixels that are no run. */
const [END_OF_ROW, , JUMP] = [0, 1, 2];

/**
 * Palette indices out of runs of them. Source: Microsoft, "Bitmap compression".
 *
 * @returns [height, width], rows as in the file
 * @throws ImageError if a run does not fit its row, or the runs leave pixels without a colour
 */
export function readRuns(path: string, bytes: Buffer, { width, height, bits, start }: BmpHeader): Uint8Array {
  const indices = new Uint8Array(width * height);
  let [x, y, at] = [0, 0, start];
  // Of 4 bits, the upper ones are the first pixel.
  const indexAt = (from: number, i: number): number =>
    bits === 8 ? bytes[from + i] : (bytes[from + (i >> 1)] >> (i & 1 ? 0 : 4)) & 0xf;
  const put = (count: number, indexOf: (i: number) => number): void => {
    if (x + count > width) throw damaged(path);
    for (let i = 0; i < count; i++) indices[y * width + x++] = indexOf(i);
  };
  while (y < height && !(y === height - 1 && x === width)) {
    if (at + 2 > bytes.length) throw cutOff(path);
    const [count, value] = bytes.subarray(at, at + 2);
    at += 2;
    if (count > 0) {
      // A run of 4 bits repeats two indices in turns.
      put(count, (i) => (bits === 8 ? value : indexAt(at - 1, i & 1)));
    } else if (value > JUMP) {
      const size = Math.ceil((value * bits) / 8);
      if (at + size > bytes.length) throw cutOff(path);
      put(value, (i) => indexAt(at, i));
      at += size + (size & 1);
    } else if (value === END_OF_ROW && x === width) {
      [x, y] = [0, y + 1];
    } else {
      throw unreadable(path, 'pixels that are left without a colour');
    }
  }
  return indices;
}
