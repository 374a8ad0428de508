import type { ByteSource } from '../byte-source.js';

/** Of the end record, which is the last of the file if there is no comment, and of the locator of the zip64 record before it. */
const [endBytes, locatorBytes] = [22, 20];
const [endSignature, locatorSignature] = [0x06054b50, 0x07064b50];

/** In the end record: the counts of entries, the size and the place of the directory. */
const [fieldsBegin, fieldsEnd] = [8, 20];

/**
 * A zip file whose end record leaves all to the zip64 record, if it has one: where both are, PyTorch, which always writes
 * both, believes the latter. zip.js believes the former, and takes the directory for shifted by the length of the latter
 * if a record of the directory happens to begin there; as it does in every file that was saved under a name of 21 letters,
 * such as `deit_tiny_patch16_224`.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT section 4.4.1.4
 */
export async function preferringZip64(source: ByteSource): Promise<ByteSource> {
  const { size } = source;
  if (size < endBytes + locatorBytes) return source;
  const tail = await source.read(size - endBytes - locatorBytes, size);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.length);
  const hasBoth =
    view.getUint32(0, true) === locatorSignature && view.getUint32(locatorBytes, true) === endSignature;
  if (!hasBoth) return source;
  const [begin, end] = [size - endBytes + fieldsBegin, size - endBytes + fieldsEnd];
  return {
    name: source.name,
    size,
    read: async (first, last) => {
      const bytes = await source.read(first, last);
      if (last <= begin || first >= end) return bytes;
      return bytes.slice().fill(0xff, Math.max(begin - first, 0), Math.max(end - first, 0));
    },
  };
}
