/** EXIF data that say nothing but the orientation, in a directory of one entry. */
export function exif(orientation: number, bigEndian = false): Buffer {
  const big = `4d4d002a 00000008 0001 0112 0003 00000001 000${orientation}0000 00000000`;
  const little = `49492a00 08000000 0100 1201 0300 01000000 0${orientation}000000 00000000`;
  return Buffer.from((bigEndian ? big : little).replaceAll(' ', ''), 'hex');
}

/** What stands before EXIF data outside of PNG. */
export const exifMark = Buffer.from('Exif\0\0', 'latin1');

/** A JPEG file with EXIF data at its beginning. */
export function jpegLying(orientation: number, jpeg: Buffer): Buffer {
  const content = Buffer.concat([exifMark, exif(orientation)]);
  const start = Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, content.length + 2]);
  return Buffer.concat([start, content, jpeg.subarray(2)]);
}
