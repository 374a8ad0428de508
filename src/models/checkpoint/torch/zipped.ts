import { WeightsError } from '../../../errors.js';
import { PickleEnds, utf8 } from '../pickle/cursor.js';
import { unpickle } from '../pickle/unpickle.js';
import type { PickleValue } from '../pickle/values.js';
import type { TensorFile } from '../tensor-file.js';
import { itemSize } from '../values.js';
import type { Archive, ArchiveRecord } from '../zip/archive.js';
import { findStateDict } from './state-dict.js';
import { tensorOf } from './tensors.js';
import { torchVocabulary, type TorchStorage } from './vocabulary.js';

/** Pickles of checkpoints, which hold no numbers of tensors, have some hundred kB. */
const longestPickle = 2 ** 26;

/**
 * Opens what `torch.save` has written since version 1.6: a zip file of a pickle and the storages it speaks of.
 * @param root the folder in the archive that it is in
 * @throws WeightsError if it is damaged, or holds more than tensors and plain data
 * @see https://github.com/pytorch/pytorch/blob/v2.9.0/torch/serialization.py
 */
export async function openZipped(source: string, archive: Archive, root: string): Promise<TensorFile> {
  const fail = (what: string): never => {
    throw new WeightsError(`"${source}" ${what}.`);
  };
  if (archive.has(`${root}/constants.pkl`)) {
    fail(
      'is a TorchScript program (torch.jit.save), code as well as weights; load it with torch.jit.load and save its ' +
        'tensors alone, with torch.save(model.state_dict(), PATH) or safetensors',
    );
  }
  await checkByteOrder(archive.get(`${root}/byteorder`), fail);
  const value = await readPickle(archive.get(`${root}/data.pkl`)!, fail);
  const { tensors, wrapping } = findStateDict(value, fail);
  const read = (storage: TorchStorage, begin: number, end: number) =>
    archive.get(`${root}/data/${storage.key}`)!.read(begin, end);
  for (const { storage } of tensors.values()) checkRecord(archive, root, storage, fail);
  return {
    source,
    format: 'PyTorch',
    wrapping,
    tensors: new Map([...tensors].map(([name, tensor]) => [name, tensorOf(tensor, read)])),
    metadata: {},
  };
}

type Fail = (what: string) => never;

async function checkByteOrder(record: ArchiveRecord | undefined, fail: Fail): Promise<void> {
  if (!record) return;
  const order = utf8(await record.read(0, Math.min(record.size, 16)));
  if (order !== 'little') {
    fail(
      `was written on a machine with another order of bytes (${JSON.stringify(order)}); save it on a usual one`,
    );
  }
}

async function readPickle(record: ArchiveRecord, fail: Fail): Promise<PickleValue> {
  if (record.size > longestPickle) {
    fail(`has a pickle of ${record.size} bytes, more than the ${longestPickle} that any checkpoint needs`);
  }
  try {
    return unpickle(await record.read(0, record.size), 0, torchVocabulary(fail), fail).value;
  } catch (error) {
    if (error instanceof PickleEnds) return fail('is damaged: its pickle ends too early; fetch it again');
    throw error;
  }
}

function checkRecord(archive: Archive, root: string, { key, dtype, count }: TorchStorage, fail: Fail): void {
  const record = archive.get(`${root}/data/${key}`);
  if (!record)
    return fail(`is damaged: it lacks the record ${JSON.stringify(key)} of its numbers; fetch it again`);
  const bytes = count * itemSize[dtype];
  if (record.size !== bytes) {
    fail(
      `is damaged: its record ${JSON.stringify(key)} has ${record.size} bytes, and should have ${bytes}; fetch it again`,
    );
  }
}
