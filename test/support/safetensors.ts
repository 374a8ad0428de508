import { readFileSync } from 'node:fs';

const dtypes = {
  U8: Uint8Array,
  I32: Int32Array,
  I64: BigInt64Array,
  F32: Float32Array,
  F64: Float64Array,
} as const;

type Values = InstanceType<(typeof dtypes)[keyof typeof dtypes]>;

export interface StoredTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  /** Integers of 64 bits come as numbers; everything else as stored. */
  readonly values: Uint8Array | Int32Array | Float32Array | Float64Array;
}

interface Entry {
  readonly dtype: keyof typeof dtypes;
  readonly shape: number[];
  readonly data_offsets: [number, number];
}

/**
 * Reads a whole safetensors file, without any of the product's code: what checks the product should not rest
 * on it. Throws if a name is asked for that the file does not hold, so that a typing error cannot pass a test.
 */
export function readSafetensors(path: string): (name: string) => StoredTensor {
  const file = readFileSync(path);
  const { header, headerLength } = readHeader(file);
  return (name) => {
    if (name === '__metadata__' || !Object.hasOwn(header, name)) throw new Error(`${path} holds no ${name}`);
    const {
      dtype,
      shape,
      data_offsets: [begin, end],
    } = header[name];
    // A copy starts at a multiple of every element size; the file's own offsets need not.
    const bytes = new Uint8Array(file.subarray(8 + headerLength + begin, 8 + headerLength + end)).buffer;
    const values: Values = new dtypes[dtype](bytes);
    return {
      shape,
      dtype,
      values: values instanceof BigInt64Array ? Float64Array.from(values, Number) : values,
    };
  };
}

/** What the header says beside the tensors. */
export function readMetadata(path: string): Readonly<Record<string, string>> {
  return readHeader(readFileSync(path)).header['__metadata__'] as unknown as Record<string, string>;
}

function readHeader(file: Buffer): { header: Record<string, Entry>; headerLength: number } {
  const headerLength = Number(file.readBigUInt64LE(0));
  return {
    header: JSON.parse(file.toString('utf8', 8, 8 + headerLength)) as Record<string, Entry>,
    headerLength,
  };
}
