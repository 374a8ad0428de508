import { littleEndian } from './little-endian.js';

/** What a pickle is put together from. */
export type Pickled =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Pickled[]
  | { readonly list: readonly Pickled[] }
  | { readonly dict: readonly (readonly [Pickled, Pickled])[] }
  | { readonly name: readonly [module: string, name: string] }
  | { readonly call: Pickled; readonly args: readonly Pickled[]; readonly state?: Pickled }
  | { readonly persistent: Pickled };

/** A pickle of protocol 2, of nothing but what is asked for. Arrays are tuples. */
export function pickleBytes(value: Pickled): Buffer {
  return Buffer.concat([Buffer.from([0x80, 2]), encode(value), Buffer.from('.')]);
}

function encode(value: Pickled): Buffer {
  if (value === null) return Buffer.from('N');
  if (typeof value === 'boolean') return Buffer.from([value ? 0x88 : 0x89]);
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    return Buffer.concat([Buffer.from('X'), littleEndian([4, text.length]), text]);
  }
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31) {
    return Buffer.concat([Buffer.from('J'), littleEndian([4, value])]);
  }
  if (typeof value === 'number' && !Number.isInteger(value)) {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    return Buffer.concat([Buffer.from('G'), bytes]);
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    const bytes = Buffer.alloc(16);
    bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)));
    bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value) >> 64n), 8);
    return Buffer.concat([Buffer.from([0x8a, 16]), bytes]);
  }
  if (isTuple(value)) return marked(value.map(encode), 't');
  if ('list' in value) return Buffer.concat([Buffer.from(']'), marked(value.list.map(encode), 'e')]);
  if ('dict' in value) return Buffer.concat([Buffer.from('}'), marked(value.dict.flat().map(encode), 'u')]);
  if ('name' in value) return Buffer.from(`c${value.name[0]}\n${value.name[1]}\n`);
  if ('persistent' in value) return Buffer.concat([encode(value.persistent), Buffer.from('Q')]);
  const made = [encode(value.call), encode(value.args), Buffer.from('R')];
  return Buffer.concat(value.state === undefined ? made : [...made, encode(value.state), Buffer.from('b')]);
}

function marked(parts: readonly Buffer[], end: string): Buffer {
  return Buffer.concat([Buffer.from('('), ...parts, Buffer.from(end)]);
}

function isTuple(value: Pickled): value is readonly Pickled[] {
  return Array.isArray(value);
}
