export interface TiffDescription {
  width: number;
  height?: number;
  /** Of every sample; 8 unless told otherwise. */
  bits?: number;
  /** TIFF's photometric interpretation: 1 grey, 2 RGB, 5 CMYK, 6 YCbCr. */
  photometric: number;
  samplesPerPixel: number;
  /** One a sample beyond the colours: 0 unspecified, 1 premultiplied alpha, 2 alpha. */
  extraSamples?: number[];
  /** TIFF's sample format: 1 unsigned, 2 signed, 3 floating point. */
  sampleFormat?: number;
  data: number[] | Uint8Array;
  bigEndian?: boolean;
  /** 1, none, unless told otherwise; the data are then taken as they are. */
  compression?: number;
  /** Fields of other tags, as 16-bit numbers. */
  others?: [tag: number, value: number][];
}

const SHORT = 3;
const LONG = 4;

/** A TIFF file of one strip, so that tests can make kinds that encoders do not write. */
export function makeTiff(picture: TiffDescription): Buffer {
  const { width, height = 1, bits = 8, samplesPerPixel, sampleFormat = 1 } = picture;
  const { extraSamples = [], bigEndian = false, compression = 1, others = [] } = picture;
  const data = Buffer.from(picture.data);
  const ofEverySample = (value: number) => new Array<number>(samplesPerPixel).fill(value);
  const fields: [tag: number, type: number, values: number[]][] = [
    [256, LONG, [width]],
    [257, LONG, [height]],
    [258, SHORT, ofEverySample(bits)],
    [259, SHORT, [compression]],
    [262, SHORT, [picture.photometric]],
    [273, LONG, [8]],
    [277, SHORT, [samplesPerPixel]],
    [278, LONG, [height]],
    [279, LONG, [data.length]],
    [338, SHORT, extraSamples],
    [339, SHORT, ofEverySample(sampleFormat)],
    ...others.map(([tag, value]): [number, number, number[]] => [tag, SHORT, [value]]),
  ];
  const present = fields.filter(([, , values]) => values.length > 0);
  // The pixels come first, then the directory, then the values that do not fit into it.
  const start = 8 + data.length;
  const directoryBytes = 2 + 12 * present.length + 4;
  const file = Buffer.alloc(start + directoryBytes + 1000);
  const view = new DataView(file.buffer, file.byteOffset);
  const write = (type: number, at: number, value: number): void => {
    if (type === SHORT) view.setUint16(at, value, !bigEndian);
    else view.setUint32(at, value, !bigEndian);
  };
  file.write(bigEndian ? 'MM' : 'II', 'latin1');
  write(SHORT, 2, 42);
  write(LONG, 4, start);
  data.copy(file, 8);
  write(SHORT, start, present.length);
  let end = start + directoryBytes;
  present.forEach(([tag, type, values], i) => {
    const entry = start + 2 + 12 * i;
    write(SHORT, entry, tag);
    write(SHORT, entry + 2, type);
    write(LONG, entry + 4, values.length);
    const size = type === SHORT ? 2 : 4;
    const fits = values.length * size <= 4;
    if (!fits) write(LONG, entry + 8, end);
    const at = fits ? entry + 8 : end;
    values.forEach((value, index) => {
      write(type, at + index * size, value);
    });
    if (!fits) end += values.length * size;
  });
  return file.subarray(0, end);
}
