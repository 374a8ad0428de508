import { DataError } from '../../errors.js';
import { picturesInMemory, type LabelledPictures } from './labelled-pictures.js';

/** The type of an element, unsigned bytes: the only one that pictures come in. */
const UNSIGNED_BYTE = 0x08;

/** An array of bytes of any shape. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

/**
 * The format of MNIST's files: two zeros, the type of an element, how many axes, then the extent of each as four bytes, the
 * highest first, then the elements.
 * @param source the file's name, for messages
 * @throws DataError if it is something else, or cut short
 * Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits".
 */
export function parseIdx(bytes: Uint8Array, source: string): IdxArray {
  const fail = (why: string): never => {
    throw new DataError(`"${source}" is no IDX file of bytes: ${why}; fetch it again.`);
  };
  if (bytes.length < 4) return fail(`it has ${bytes.length} bytes`);
  const [first, second, type, axes] = bytes;
  if (first !== 0 || second !== 0) return fail('it does not begin with two zeros');
  if (type !== UNSIGNED_BYTE) return fail(`its elements are of type ${type}, not unsigned bytes (8)`);
  const header = 4 + 4 * axes;
  if (axes === 0 || bytes.length < header) return fail(`its head, of ${axes} axes, is cut short`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (bytes.length - header !== size) {
    return fail(`it says ${shape.join(' x ')} elements, and holds ${bytes.length - header}`);
  }
  return { shape, values: bytes.subarray(header) };
}

/** A file of pictures and one of their labels; what is grey is repeated in all three channels. */
export function idxPictures(
  images: { readonly source: string; readonly bytes: Uint8Array },
  labels: { readonly source: string; readonly bytes: Uint8Array },
): LabelledPictures {
  const { shape, values } = parseIdx(images.bytes, images.source);
  const ofLabels = parseIdx(labels.bytes, labels.source);
  const [count, height, width] = shape;
  if (shape.length !== 3 || width === 0 || height === 0) {
    throw new DataError(
      `"${images.source}" has the shape [${shape.join(', ')}]; pictures have three axes: how many, height, width.`,
    );
  }
  if (ofLabels.shape.length !== 1 || ofLabels.shape[0] !== count) {
    throw new DataError(
      `"${labels.source}" has labels of shape [${ofLabels.shape.join(', ')}], but "${images.source}" has ${count} pictures: ` +
        'they do not belong together.',
    );
  }
  const pixels = width * height;
  return picturesInMemory(images.source, ofLabels.values, { width, height }, (index) => {
    const grey = values.subarray(index * pixels, (index + 1) * pixels);
    const data = new Uint8Array(3 * pixels);
    for (let i = 0; i < data.length; i++) data[i] = grey[Math.floor(i / 3)];
    return data;
  });
}

/**
 * @param source of the labels
 * @throws DataError for a label that no class has
 */
export function checkLabels(labels: ArrayLike<number>, classes: number, source: string): void {
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] < classes) continue;
    throw new DataError(
      `"${source}" gives picture ${i} the label ${labels[i]}, but there are only ${classes} classes: it is damaged, or of another set.`,
    );
  }
}
