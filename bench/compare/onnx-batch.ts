/*
 * An exported model may fix its batch at 1. A copy with another batch needs new numbers in two kinds of places, the
 * declared shapes of inputs and outputs and the constants that reshape by: they have the same length in the file, so
 * they are changed where they stand. ONNX is protobuf; the field numbers are those of onnx.proto.
 *
 * Whether the guess at what is a shape was right is seen from the results, which are compared before any timing.
 */

/** A field of a protobuf message: its content, or a number's own bytes, at [start, end). */
interface Field {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

const graphOfModel = 7;
const graph = { node: 1, input: 11, output: 12 };
const node = { attribute: 5 };
const tensorOfAttribute = 5;
const tensor = { dataType: 2, raw: 9 };
const int64 = 7;
/** From a declared input or output to its dimensions: type, tensor type, shape, dimension; then the number. */
const pathToDimensions = [2, 1, 2, 1];
const dimensionValue = 1;

/**
 * A copy of an ONNX model for that many images at once; the model itself if its first dimension is not fixed at 1.
 * @param batch less than 128, so that it takes the one byte that the 1 takes
 */
export function withBatch(model: Uint8Array, batch: number): Uint8Array {
  if (!(batch >= 1 && batch < 128)) throw new RangeError(`A batch of ${batch} does not fit into one byte.`);
  const copy = Uint8Array.from(model);
  const whole: Field = { number: 0, start: 0, end: copy.length };
  for (const body of children(copy, whole, graphOfModel)) {
    for (const kind of [graph.input, graph.output]) {
      for (const declared of children(copy, body, kind)) setFirstDimension(copy, declared, batch);
    }
    for (const operation of children(copy, body, graph.node)) {
      for (const attribute of children(copy, operation, node.attribute)) {
        for (const value of children(copy, attribute, tensorOfAttribute)) setShape(copy, value, batch);
      }
    }
  }
  return copy;
}

function setFirstDimension(bytes: Uint8Array, declared: Field, batch: number): void {
  let found = [declared];
  for (const number of pathToDimensions)
    found = found.flatMap((field) => [...children(bytes, field, number)]);
  const value = found.length > 0 ? firstChild(bytes, found[0], dimensionValue) : undefined;
  if (value && bytes[value.start] === 1) bytes[value.start] = batch;
}

/** A constant is taken for a shape if it has three or more whole numbers, the first of them 1 and not all of them. */
function setShape(bytes: Uint8Array, value: Field, batch: number): void {
  const type = firstChild(bytes, value, tensor.dataType);
  const raw = firstChild(bytes, value, tensor.raw);
  if (!type || !raw || bytes[type.start] !== int64) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset + raw.start, raw.end - raw.start);
  const numbers = Array.from({ length: view.byteLength / 8 }, (_, index) =>
    view.getBigInt64(8 * index, true),
  );
  if (numbers.length >= 3 && numbers[0] === 1n && numbers.some((number) => number !== 1n)) {
    view.setBigInt64(0, BigInt(batch), true);
  }
}

function firstChild(bytes: Uint8Array, message: Field, wanted: number): Field | undefined {
  return children(bytes, message, wanted).next().value;
}

/** The fields with that number in a message. */
function* children(bytes: Uint8Array, { start, end }: Field, wanted: number): Generator<Field, undefined> {
  for (let at = start; at < end;) {
    const [key, afterKey] = varint(bytes, at);
    const number = key >>> 3;
    let content = afterKey;
    switch (key & 7) {
      case 0:
        [, at] = varint(bytes, afterKey);
        break;
      case 1:
        at = afterKey + 8;
        break;
      case 2: {
        const [length, afterLength] = varint(bytes, afterKey);
        content = afterLength;
        at = afterLength + length;
        break;
      }
      case 5:
        at = afterKey + 4;
        break;
      default:
        throw new Error('The ONNX file is damaged: no protobuf field starts where one should.');
    }
    if (number === wanted) yield { number, start: content, end: at };
  }
  return undefined;
}

/** A number, seven bits a byte, least first, and where it ends. Beyond 2^53 only the end is right. */
function varint(bytes: Uint8Array, start: number): [value: number, end: number] {
  let value = 0;
  for (let at = start, scale = 1; ; at++, scale *= 128) {
    value += (bytes[at] & 127) * scale;
    if (bytes[at] < 128) return [value, at + 1];
  }
}
