export interface GifDescription {
  canvas: [width: number, height: number];
  left: number;
  top: number;
  width: number;
  height: number;
  /** Numbers of colours: 0 red, 1 green, 2 blue, 3 black. May be fewer or more than the frame has. */
  pixels: number[];
  /** The colour that is transparent, if any. */
  transparent?: number;
}

const CLEAR = 4;
const END = 5;

/** A GIF file of one frame, so that tests can make frames that encoders do not write. */
export function makeGif({ canvas, left, top, width, height, pixels, transparent }: GifDescription): Buffer {
  const words = (...values: number[]) => values.flatMap((value) => [value & 0xff, value >> 8]);
  // With a clearing before every pixel, all codes have three bits.
  const codes = [...pixels.flatMap((pixel) => [CLEAR, pixel]), END];
  const bits = codes.map((code) => code.toString(2).padStart(3, '0')).reverse();
  const packed = BigInt(`0b${bits.join('')}`).toString(16);
  const data = Buffer.from(packed.padStart(2 * Math.ceil((3 * codes.length) / 8), '0'), 'hex').reverse();
  return Buffer.concat([
    Buffer.from('GIF89a'),
    Buffer.from([...words(...canvas), 0x81, 0, 0]),
    Buffer.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0]),
    Buffer.from(transparent === undefined ? [] : [0x21, 0xf9, 4, 1, 0, 0, transparent, 0]),
    Buffer.from([0x2c, ...words(left, top, width, height), 0, 2, data.length, ...data, 0, 0x3b]),
  ]);
}
