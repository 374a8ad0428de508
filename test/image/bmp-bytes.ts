export interface BmpDescription {
  /** Of the header behind the file's own: 40, of Windows, unless told otherwise; 12 is that of OS/2. */
  headerBytes?: number;
  width: number;
  /** Negative if the first row is the upper one. */
  height: number;
  /** Of a pixel. */
  bits: number;
  /** 0 none, 1 and 2 runs of 8 and 4 bits, 3 and 6 masks. */
  compression?: number;
  /** The bits of red, green, blue and, perhaps, alpha. */
  masks?: number[];
  /** As the header has it: 0, all that the bits can name, unless told otherwise. */
  colours?: number;
  /** Blue, green, red and, but for OS/2, a zero. */
  palette?: number[];
  /** From the lower row up, each of whole four bytes. */
  data: number[];
}

/** A BMP file, so that tests can make kinds and damages that encoders do not write. */
export function makeBmp(picture: BmpDescription): Buffer {
  const {
    headerBytes = 40,
    width,
    height,
    bits,
    compression = 0,
    masks = [],
    colours = 0,
    palette = [],
  } = picture;
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32LE(headerBytes);
  if (headerBytes === 12) {
    [width, height, 1, bits].forEach((value, i) => header.writeUInt16LE(value, 4 + 2 * i));
  } else {
    header.writeInt32LE(width, 4);
    header.writeInt32LE(height, 8);
    header.writeUInt16LE(bits, 14);
    [compression, picture.data.length, 0, 0, colours].forEach((value, i) =>
      header.writeUInt32LE(value, 16 + 4 * i),
    );
  }
  const maskBytes = Buffer.alloc(4 * masks.length);
  masks.forEach((mask, i) => maskBytes.writeUInt32LE(mask, 4 * i));
  // Newer headers have them at the same place, inside.
  if (headerBytes > 40) maskBytes.copy(header, 40);
  const before = [header, ...(headerBytes > 40 ? [] : [maskBytes]), Buffer.from(palette)];
  const start = Buffer.alloc(12);
  start.writeUInt32LE(14 + Buffer.concat(before).length, 8);
  return Buffer.concat([Buffer.from('BM'), start, ...before, Buffer.from(picture.data)]);
}
