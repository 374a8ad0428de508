import { WeightsError } from '../../../errors.js';
import { readStart, type ByteSource } from '../byte-source.js';
import { isDtype, itemSize, type Dtype } from '../values.js';

/** Where a tensor lies: bytes [begin, end) of the data, which starts right after the header. */
export interface HeaderEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly entries: HeaderEntry[];
  readonly metadata: Record<string, string>;
  /** Offset of the data in the file, in bytes. */
  readonly dataStart: number;
}

/** The limit of the reference implementation; the header of DeiT-tiny has about 15 kB. */
const longestHeader = 100_000_000;
const lengthBytes = 8;

/** Read at once, in the hope that it is all of the header. */
const likelyLength = 2 ** 16;

/** Reads and checks the header, so that its offsets can be used blindly. */
export async function readHeader(source: ByteSource): Promise<Header> {
  const fail = (what: string): never => {
    throw new WeightsError(`"${source.name}" ${what}.`);
  };
  const start = await readStart(source, likelyLength);
  const dataStart = lengthBytes + headerLength(start, source.size, fail);
  const headerBytes =
    dataStart <= start.length
      ? start.subarray(lengthBytes, dataStart)
      : await source.read(lengthBytes, dataStart);
  const header = parseHeader(headerBytes, fail);
  const entries: HeaderEntry[] = [];
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') metadata = checkMetadata(value, fail);
    else entries.push(checkEntry(value, name, fail));
  }
  checkCoverage(entries, source.size - dataStart, fail);
  return { entries, metadata, dataStart };
}

type Fail = (what: string) => never;

function headerLength(start: Uint8Array<ArrayBuffer>, size: number, fail: Fail): number {
  if (size < lengthBytes) {
    return fail(
      `is not a safetensors file: it has only ${size} bytes, fewer than the 8 of the header length`,
    );
  }
  const view = new DataView(start.buffer, start.byteOffset, lengthBytes);
  const length = Number(view.getBigUint64(0, true));
  if (length > longestHeader) {
    return fail(
      `is no checkpoint of any known format, and no safetensors file: its first 8 bytes ask for a header of more than ${longestHeader / 1e6} MB`,
    );
  }
  if (length > size - lengthBytes) {
    return fail(
      `is cut short: its header needs ${length} bytes, but only ${size - lengthBytes} follow; fetch it again`,
    );
  }
  return length;
}

function parseHeader(bytes: Uint8Array, fail: Fail): object {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return fail('is damaged: its header is not UTF-8 text');
  }
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    return fail('is damaged: its header is not JSON');
  }
  if (!isRecord(header)) return fail('is damaged: its header is not a JSON object');
  return header;
}

function checkMetadata(value: unknown, fail: Fail): Record<string, string> {
  if (!isRecord(value) || Object.values(value).some((text) => typeof text !== 'string')) {
    return fail('is damaged: __metadata__ in its header is not a table of strings');
  }
  return value as Record<string, string>;
}

function checkEntry(value: unknown, name: string, fail: Fail): HeaderEntry {
  const damaged = (what: string): never => fail(`is damaged: tensor ${show(name)} ${what}`);
  if (!isRecord(value)) return damaged('is not described by a JSON object');
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isDtype(dtype)) {
    const known = Object.keys(itemSize).join(', ');
    return fail(`has dtype ${show(dtype)} for tensor ${show(name)}, but only these can be read: ${known}`);
  }
  if (!isSizeList(shape)) return damaged(`has the shape ${show(shape)}, not a list of whole sizes`);
  if (!isSizeList(offsets) || offsets.length !== 2) {
    return damaged(`has the data_offsets ${show(offsets)}, not a pair of byte positions`);
  }
  const [begin, end] = offsets;
  if (begin > end) return damaged(`has the reversed data_offsets [${begin}, ${end}]`);
  const bytes = shape.reduce((product, size) => product * size, itemSize[dtype]);
  if (bytes !== end - begin) {
    return damaged(
      `needs ${bytes} bytes as ${dtype} of shape ${show(shape)}, but its data_offsets span ${end - begin}`,
    );
  }
  return { name, dtype, shape, begin, end };
}

/** The tensors must fill the data from the first byte to the last, each byte once. */
function checkCoverage(entries: readonly HeaderEntry[], dataLength: number, fail: Fail): void {
  let covered = 0;
  let previous = 'the header';
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < covered) fail(`is damaged: tensors ${previous} and ${show(name)} overlap in the data`);
    if (begin > covered) {
      fail(
        `is damaged: a hole of ${begin - covered} bytes lies between ${previous} and tensor ${show(name)}`,
      );
    }
    if (end > dataLength) {
      fail(
        `is cut short: tensor ${show(name)} ends at byte ${end} of the data, which has only ${dataLength}; fetch it again`,
      );
    }
    covered = end;
    previous = show(name);
  }
  if (covered < dataLength) fail(`is damaged: ${dataLength - covered} unknown bytes follow the last tensor`);
}

/** JSON, because a name from a file may hold control characters; shortened, because it may be a megabyte. */
function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value).replaceAll(',', ', ');
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizeList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && (size as number) >= 0);
}
