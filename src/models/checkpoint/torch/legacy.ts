import { WeightsError } from '../../../errors.js';
import { readStart, type ByteSource } from '../byte-source.js';
import { coalesced } from '../coalesced.js';
import { PickleEnds } from '../pickle/cursor.js';
import { unpickle, type Vocabulary } from '../pickle/unpickle.js';
import { Dict, type PickleValue } from '../pickle/values.js';
import type { TensorFile } from '../tensor-file.js';
import { itemSize } from '../values.js';
import { findStateDict } from './state-dict.js';
import { tensorOf } from './tensors.js';
import { torchVocabulary, type TorchStorage } from './vocabulary.js';

/** What the first pickle of the file says. */
export const legacyMagic = 0x1950a86a20f9469cfc6cn;

const protocol = 1001;

/** Bytes in which the pickles are looked for at first, and at last. */
const [firstLook, lastLook] = [2 ** 18, 2 ** 26];

/**
 * Opens what `torch.save` wrote before version 1.6: pickles of a magic number, a version, facts about the machine, the
 * checkpoint and the keys of its storages, and then the storages, each after the count of its numbers.
 * @throws WeightsError if it is damaged, or holds more than tensors and plain data
 * @see https://github.com/pytorch/pytorch/blob/v1.5.0/torch/serialization.py
 */
export async function openLegacy(source: ByteSource): Promise<TensorFile> {
  const fail = (what: string): never => {
    throw new WeightsError(`"${source.name}" ${what}.`);
  };
  const storages = new Map<string, TorchStorage>();
  const vocabulary = remembering(torchVocabulary(fail), storages);
  const [value, keys, end] = await readPickles(source, vocabulary, fail);
  const { tensors, wrapping } = findStateDict(value, fail);
  const data = coalesced(source);
  const places = await findStorages(data, keys, storages, end, fail);
  const read = ({ key }: TorchStorage, begin: number, finish: number) => {
    const place = places.get(key)!;
    return data.read(place + begin, place + finish);
  };
  for (const { storage } of tensors.values()) {
    if (!places.has(storage.key))
      fail(`is damaged: it lacks the numbers of storage ${JSON.stringify(storage.key)}`);
  }
  return {
    source: source.name,
    format: 'PyTorch, as before version 1.6',
    wrapping,
    tensors: new Map([...tensors].map(([name, tensor]) => [name, tensorOf(tensor, read)])),
    metadata: {},
  };
}

type Fail = (what: string) => never;

function remembering(vocabulary: Vocabulary, storages: Map<string, TorchStorage>): Vocabulary {
  const persistent = (id: PickleValue): PickleValue => {
    const storage = vocabulary.persistent(id) as TorchStorage;
    storages.set(storage.key, storage);
    return storage;
  };
  return { names: vocabulary.names, persistent };
}

/** How long they are is only known when they were read: so more bytes are tried until all five are there. */
async function readPickles(
  source: ByteSource,
  vocabulary: Vocabulary,
  fail: Fail,
): Promise<[checkpoint: PickleValue, keys: PickleValue, end: number]> {
  for (let look = firstLook; ; look *= 8) {
    const bytes = await readStart(source, look);
    try {
      return parsePickles(bytes, vocabulary, fail);
    } catch (error) {
      if (!(error instanceof PickleEnds)) throw error;
      if (look >= source.size) fail('is cut short: it ends within its pickles; fetch it again');
      if (look >= lastLook)
        fail(`is damaged: its pickles are longer than the ${lastLook} bytes that any checkpoint needs`);
    }
  }
}

function parsePickles(
  bytes: Uint8Array<ArrayBuffer>,
  vocabulary: Vocabulary,
  fail: Fail,
): [PickleValue, PickleValue, number] {
  let at = 0;
  const next = (): PickleValue => {
    const { value, end } = unpickle(bytes, at, vocabulary, fail);
    at = end;
    return value;
  };
  if (next() !== legacyMagic)
    fail('is a pickle, but not one of PyTorch: only tensors that torch.save wrote can be read');
  const version = next();
  if (version !== protocol)
    fail(`is of version ${String(version)} of the format, and ${protocol} was expected`);
  const machine = next();
  if (machine instanceof Dict && machine.items.get('little_endian') === false) {
    fail('was written on a machine with another order of bytes; save it on a usual one');
  }
  const [checkpoint, keys] = [next(), next()];
  return [checkpoint, keys, at];
}

/** Where the bytes of each storage begin. All counts are read in one go: what they should be is known. */
async function findStorages(
  source: ByteSource,
  keys: PickleValue,
  storages: ReadonlyMap<string, TorchStorage>,
  start: number,
  fail: Fail,
): Promise<Map<string, number>> {
  if (!Array.isArray(keys)) return fail('is damaged: its list of storages is none');
  const places = new Map<string, number>();
  let at = start;
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (!storage) return fail(`is damaged: nothing is known of its storage ${JSON.stringify(String(key))}`);
    places.set(storage.key, at + countBytes);
    at += countBytes + storage.count * itemSize[storage.dtype];
    if (!(at <= source.size))
      fail(`is cut short: its storages need ${at} bytes, and it has ${source.size}; fetch it again`);
  }
  await Promise.all(
    [...places].map(async ([key, place]) => {
      const bytes = await source.read(place - countBytes, place);
      const count = new DataView(bytes.buffer, bytes.byteOffset, countBytes).getBigInt64(0, true);
      const expected = storages.get(key)!.count;
      if (count !== BigInt(expected))
        fail(
          `is damaged: its storage ${JSON.stringify(key)} has ${count} numbers, and should have ${expected}`,
        );
    }),
  );
  return places;
}

const countBytes = 8;
