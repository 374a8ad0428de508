import { DataError } from '../../errors.js';

/** Numbers of a MATLAB file, by the name of the variable, column after column. */
export type MatArrays = ReadonlyMap<string, Float64Array>;

/** Kinds of elements that hold numbers: the bytes of one, and how it is read. */
const numbers: Readonly<
  Record<number, readonly [bytes: number, read: (view: DataView, place: number) => number]>
> = {
  1: [1, (view, place) => view.getInt8(place)],
  2: [1, (view, place) => view.getUint8(place)],
  3: [2, (view, place) => view.getInt16(place, true)],
  4: [2, (view, place) => view.getUint16(place, true)],
  5: [4, (view, place) => view.getInt32(place, true)],
  6: [4, (view, place) => view.getUint32(place, true)],
  7: [4, (view, place) => view.getFloat32(place, true)],
  9: [8, (view, place) => view.getFloat64(place, true)],
};
const MATRIX = 14;
const COMPRESSED = 15;
const HEADER = 128;
/** What is unpacked may be so large: the labels of a million pictures. */
const LARGEST = 2 ** 24;

interface Element {
  readonly type: number;
  readonly data: DataView<ArrayBuffer>;
}

/**
 * The arrays of plain numbers of a MATLAB file of level 5, as the labels of data sets come in; anything else in it is left out.
 * @param source the file's name, for messages
 * @throws DataError if it is no such file, or cut short
 * Source: MathWorks, "MAT-File Format", level 5.
 */
export async function parseMat(bytes: Uint8Array<ArrayBuffer>, source: string): Promise<MatArrays> {
  const fail = (why: string): never => {
    throw new DataError(`"${source}" is no MATLAB file of level 5: ${why}; fetch it again.`);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER) return fail(`it has ${bytes.length} bytes`);
  if (view.getUint16(124, true) !== 0x0100 || view.getUint16(126, true) !== 0x4d49) {
    return fail(
      'its head says something else (files of other levels and of big-endian machines are not read)',
    );
  }
  const arrays = new Map<string, Float64Array>();
  try {
    for (const element of elementsOf(slice(view, HEADER, view.byteLength - HEADER))) {
      const matrix = element.type === COMPRESSED ? await inflated(element.data) : element;
      if (matrix.type === MATRIX) addMatrix(arrays, matrix.data);
    }
  } catch (error) {
    return fail(error instanceof Damage ? error.message : 'what is compressed in it is damaged');
  }
  return arrays;
}

class Damage extends Error {}

function slice(view: DataView<ArrayBuffer>, start: number, length: number): DataView<ArrayBuffer> {
  if (start + length > view.byteLength) throw new Damage('it is cut short');
  return new DataView(view.buffer, view.byteOffset + start, length);
}

/** One after the other, each on a multiple of eight bytes; small ones have their data in the place of their size. */
function* elementsOf(view: DataView<ArrayBuffer>): Generator<Element> {
  let at = 0;
  while (at + 8 <= view.byteLength) {
    const tag = view.getUint32(at, true);
    const smallSize = tag >>> 16;
    if (smallSize > 0) {
      if (smallSize > 4) throw new Damage('it is damaged');
      yield { type: tag & 0xffff, data: slice(view, at + 4, smallSize) };
      at += 8;
      continue;
    }
    const size = view.getUint32(at + 4, true);
    yield { type: tag, data: slice(view, at + 8, size) };
    at += 8 + size;
    if (tag !== COMPRESSED) at = Math.ceil(at / 8) * 8;
  }
}

async function inflated(data: DataView<ArrayBuffer>): Promise<Element> {
  const packed = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of stream as unknown as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > LARGEST) throw new Damage('it holds more than the labels of a set');
    parts.push(part);
  }
  const whole = new Uint8Array(length);
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  const element = elementsOf(new DataView(whole.buffer)).next();
  if (element.done) throw new Damage('it is cut short');
  return element.value;
}

/** Flags, shape, name, numbers, in this order; what is no plain array has others. */
function addMatrix(arrays: Map<string, Float64Array>, data: DataView<ArrayBuffer>): void {
  const [, , name, values] = elementsOf(data) as Iterable<Element | undefined>;
  const kind = values && numbers[values.type];
  if (!name || !kind) return;
  const [bytes, read] = kind;
  const letters = new Uint8Array(name.data.buffer, name.data.byteOffset, name.data.byteLength);
  const count = Math.floor(values.data.byteLength / bytes);
  arrays.set(
    String.fromCharCode(...letters),
    Float64Array.from({ length: count }, (_, i) => read(values.data, i * bytes)),
  );
}
