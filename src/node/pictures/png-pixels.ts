/*
 * Pixels of a PNG from what its data inflate to. A library does the same in five times the time, which was a tenth of what
 * explaining a picture takes.
 * Source: Portable Network Graphics, W3C recommendation, 2003.
 */
import { flattenOverWhite } from '../../image/flatten.js';
import type { Picture, Size } from '../../image/picture.js';

/** How the samples of a picture lie in a file, as its header says, and what they stand for. */
export interface PngLayout extends Size {
  readonly interlaced: boolean;
  /** Bits a sample: 1, 2, 4, 8, 16. */
  readonly depth: number;
  readonly colour: ColourType;
  /** Red, green, blue of each colour; empty if there is none. */
  readonly palette: Uint8Array;
  /** Alpha of the palette's first colours, or the one colour that is transparent, 16 bits a sample; empty if there is none. */
  readonly transparency: Uint8Array;
}

/** What the samples of a pixel are, and of how many bits they may be. */
interface ColourType {
  readonly samples: number;
  readonly isPalette?: boolean;
  readonly depths: readonly number[];
}

/** By their numbers in the header. */
export const colourTypes: Readonly<Partial<Record<number, ColourType>>> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8], isPalette: true },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
};

/** A part of the pixels that is sent on its own: first column and row, and steps. */
interface Pass extends Size {
  readonly column: number;
  readonly row: number;
  readonly across: number;
  readonly down: number;
}

/** An interlaced picture is sent in passes, each of pixels so far apart. */
const interlacing = [
  [0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2],
]; // prettier-ignore

function passesOf({ width, height, interlaced }: PngLayout): Pass[] {
  return (interlaced ? interlacing : [[0, 0, 1, 1]])
    .map(([column, row, across, down]) => ({
      ...{ column, row, across, down },
      width: Math.ceil((width - column) / across),
      height: Math.ceil((height - row) / down),
    }))
    .filter(({ width, height }) => width > 0 && height > 0);
}

function rowBytes({ depth, colour }: PngLayout, pixels: number): number {
  return Math.ceil((pixels * depth * colour.samples) / 8);
}

/** How many bytes the data of a picture inflate to. */
export function inflatedBytes(layout: PngLayout): number {
  return passesOf(layout).reduce(
    // Each row begins with the number of its filter.
    (sum, { width, height }) => sum + height * (1 + rowBytes(layout, width)),
    0,
  );
}

/**
 * To 8-bit RGB: palettes and 1, 2, 4 bits are expanded, 16 bits scaled and rounded, transparency laid over white.
 * @param inflated as many bytes as `inflatedBytes` says
 * @throws Error for a filter or a colour that does not exist
 */
export function pixelsOf(layout: PngLayout, inflated: Uint8Array): Picture {
  const { width, height, colour } = layout;
  const samples = samplesOf(layout, inflated);
  if (colour.isPalette) return flattenOverWhite(ofPalette(layout, samples), 4, width, height);
  const bytes = asBytes(layout, samples);
  if (layout.transparency.length === 0) return flattenOverWhite(bytes, colour.samples, width, height);
  return flattenOverWhite(withAlpha(layout, samples, bytes), colour.samples + 1, width, height);
}

/** Of one byte each, or of 16 bits. */
type Samples = Uint8Array | Uint16Array;

/** All samples, as they are. [height, width, samples] */
function samplesOf(layout: PngLayout, inflated: Uint8Array): Samples {
  const { width, height, depth, colour } = layout;
  const { samples } = colour;
  const parts = unfilteredPasses(layout, inflated).map(({ pass, bytes }) => ({
    ...pass,
    data: unpacked(bytes, depth, pass.width * samples, pass.height),
  }));
  if (!layout.interlaced) return parts[0].data;
  const all =
    depth === 16 ? new Uint16Array(width * height * samples) : new Uint8Array(width * height * samples);
  for (const { data, column, row, across, down, ...size } of parts) {
    let from = 0;
    for (let y = 0; y < size.height; y++) {
      let to = ((row + y * down) * width + column) * samples;
      for (let x = 0; x < size.width; x++, to += across * samples) {
        for (let sample = 0; sample < samples; sample++) all[to + sample] = data[from++];
      }
    }
  }
  return all;
}

function unfilteredPasses(layout: PngLayout, inflated: Uint8Array): { pass: Pass; bytes: Uint8Array }[] {
  const pixelBytes = Math.max(1, (layout.depth * layout.colour.samples) / 8);
  let from = 0;
  return passesOf(layout).map((pass) => {
    const size = rowBytes(layout, pass.width);
    const part = inflated.subarray(from, (from += pass.height * (1 + size)));
    return { pass, bytes: unfiltered(part, pass.height, size, pixelBytes) };
  });
}

/**
 * What makes the bytes of a row of what was sent of it.
 * @param sent the row begins at `from`
 * @param whole takes it from `begin` to `end`; what is to the left and above of the first ones is 0
 * @param back how far back the pixel to the left is, and the one above
 */
type Filter = (
  sent: Uint8Array,
  from: number,
  whole: Uint8Array,
  begin: number,
  end: number,
  back: { readonly left: number; readonly up: number },
) => void;

/** By their numbers. Loops of their own, because most of a picture is done before a call would be compiled away. */
const filters: readonly (Filter | undefined)[] = [
  function none(sent, from, whole, begin, end) {
    whole.set(sent.subarray(from, from + end - begin), begin);
  },
  function sub(sent, from, whole, begin, end, { left }) {
    for (let i = begin; i < end; i++) whole[i] = sent[from++] + whole[i - left];
  },
  function above(sent, from, whole, begin, end, { up }) {
    for (let i = begin; i < end; i++) whole[i] = sent[from++] + whole[i - up];
  },
  function average(sent, from, whole, begin, end, { left, up }) {
    for (let i = begin; i < end; i++) whole[i] = sent[from++] + ((whole[i - left] + whole[i - up]) >> 1);
  },
  function paeth(sent, from, whole, begin, end, { left, up }) {
    for (let i = begin; i < end; i++) {
      const a = whole[i - left];
      const b = whole[i - up];
      const c = whole[i - up - left];
      const toA = Math.abs(b - c);
      const toB = Math.abs(a - c);
      const toC = Math.abs(a + b - c - c);
      whole[i] = sent[from++] + (toA <= toB && toA <= toC ? a : toB <= toC ? b : c);
    }
  },
];

/** The rows of a pass without their filters. @param pixelBytes at least 1 */
function unfiltered(sent: Uint8Array, rows: number, size: number, pixelBytes: number): Uint8Array {
  // A pixel of zeros before each row, and a row of them above the first.
  const up = pixelBytes + size;
  const whole = new Uint8Array((rows + 1) * up);
  const result = new Uint8Array(rows * size);
  for (let row = 0; row < rows; row++) {
    const from = row * (1 + size);
    const filter = filters[sent[from]];
    if (!filter) throw new Error(`there is no filter ${sent[from]}`);
    const begin = (row + 1) * up + pixelBytes;
    filter(sent, from + 1, whole, begin, begin + size, { left: pixelBytes, up });
    result.set(whole.subarray(begin, begin + size), row * size);
  }
  return result;
}

/** One number a sample. @param count of samples in a row, which begins with a byte of its own */
function unpacked(bytes: Uint8Array, depth: number, count: number, rows: number): Samples {
  if (depth === 8) return bytes;
  if (depth === 16) {
    return Uint16Array.from({ length: bytes.length / 2 }, (_, i) => (bytes[2 * i] << 8) | bytes[2 * i + 1]);
  }
  const result = new Uint8Array(count * rows);
  const perByte = 8 / depth;
  const size = bytes.length / rows;
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < count; i++) {
      const byte = bytes[row * size + Math.trunc(i / perByte)];
      result[row * count + i] = (byte >> (8 - depth * (1 + (i % perByte)))) & (2 ** depth - 1);
    }
  }
  return result;
}

/** Samples of any depth as those of 8 bits, rounded. */
function asBytes({ depth }: PngLayout, samples: Samples): Uint8Array {
  if (depth === 8) return samples as Uint8Array;
  const largest = 2 ** depth - 1;
  return Uint8Array.from(samples, (value) => Math.floor((value * 255) / largest + 0.5));
}

/** Red, green, blue and alpha of pixels that are places in a palette. */
function ofPalette({ palette, transparency }: PngLayout, places: Samples): Uint8Array {
  const result = new Uint8Array(4 * places.length);
  for (let i = 0; i < places.length; i++) {
    const place = places[i];
    if (3 * place + 2 >= palette.length) throw new Error(`there is no colour ${place} in the palette`);
    result.set(palette.subarray(3 * place, 3 * place + 3), 4 * i);
    result[4 * i + 3] = transparency[place] ?? 255;
  }
  return result;
}

/** With an alpha of 0 for the one colour that is transparent, whose samples are told as they are in the file. */
function withAlpha(
  { colour: { samples }, transparency }: PngLayout,
  raw: Samples,
  bytes: Uint8Array,
): Uint8Array {
  const clear = Array.from(
    { length: samples },
    (_, i) => (transparency[2 * i] << 8) | transparency[2 * i + 1],
  );
  const result = new Uint8Array((bytes.length / samples) * (samples + 1));
  for (let from = 0, to = 0; from < raw.length; from += samples, to += samples + 1) {
    result.set(bytes.subarray(from, from + samples), to);
    result[to + samples] = clear.every((value, i) => raw[from + i] === value) ? 0 : 255;
  }
  return result;
}
