// Writes micro.safetensors beside this file: the tests' golden data without what the self-check does not use.
// Byte for byte the same at each run. The checksum that it prints belongs into src/pipeline/self-check/golden.ts.
//
//   node weights/self-check/make.js
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const source = readFileSync(new URL('../../test/fixtures/micro.safetensors', import.meta.url));
const dataStart = 8 + Number(source.readBigUInt64LE(0));
const entries = Object.entries(JSON.parse(source.toString('utf8', 8, dataStart)));

const header = {};
const pieces = [];
let end = 0;
for (const [name, { dtype, shape, data_offsets: offsets }] of entries) {
  if (name === '__metadata__' || name.startsWith('after5.')) continue;
  const piece = source.subarray(dataStart + offsets[0], dataStart + offsets[1]);
  header[name] = { dtype, shape, data_offsets: [end, end + piece.length] };
  end += piece.length;
  pieces.push(piece);
}

const json = JSON.stringify(header);
// Spaces up to a multiple of 8, so that every tensor starts where a typed array may.
const text = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8));
const length = Buffer.alloc(8);
length.writeBigUInt64LE(BigInt(text.length));
const file = Buffer.concat([length, text, ...pieces]);
writeFileSync(new URL('micro.safetensors', import.meta.url), file);
console.log(`${file.length} bytes, sha256 ${createHash('sha256').update(file).digest('hex')}`);
