import { littleEndian } from './little-endian.js';
import { pickleBytes, type Pickled } from './pickle-bytes.js';
import { zipBytes, type ZipRecord } from './zip-bytes.js';

/** A storage to write. */
export interface StorageToWrite {
  /** As `FloatStorage`. */
  readonly type: string;
  readonly count: number;
  readonly data: Buffer;
}

/** A tensor to write: a view of a storage, by its place in the list of storages. */
export interface ViewToWrite {
  readonly name: string;
  readonly storage: number;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

const orderedDict: Pickled = { call: { name: ['collections', 'OrderedDict'] }, args: [] };

/** What `state_dict()` gives: its tensors, and attributes that hold none. */
export function stateDict(
  storages: readonly StorageToWrite[],
  views: readonly ViewToWrite[],
  isLegacy = false,
): Pickled {
  const tensor = ({ storage, offset, shape, strides }: ViewToWrite): Pickled => {
    const { type, count } = storages[storage];
    const id = [
      'storage',
      { name: ['torch', type] },
      `${storage}`,
      'cpu',
      count,
      ...(isLegacy ? [null] : []),
    ] as const;
    return {
      call: { name: ['torch._utils', '_rebuild_tensor_v2'] },
      args: [{ persistent: id }, offset, shape, strides, false, orderedDict],
    };
  };
  return { dict: views.map((view) => [view.name, tensor(view)] as const) };
}

/** What `torch.save` writes. */
export function torchBytes(
  checkpoint: Pickled,
  storages: readonly StorageToWrite[],
  root = 'archive',
  deflated = false,
): Buffer {
  const records: ZipRecord[] = [
    { name: `${root}/data.pkl`, data: pickleBytes(checkpoint), deflated },
    ...storages.map(({ data }, key) => ({ name: `${root}/data/${key}`, data, deflated })),
    { name: `${root}/version`, data: Buffer.from('3\n') },
  ];
  return zipBytes(records);
}

/** What `torch.save` wrote before version 1.6. */
export function legacyBytes(checkpoint: Pickled, storages: readonly StorageToWrite[]): Buffer {
  return Buffer.concat([
    pickleBytes(0x1950a86a20f9469cfc6cn),
    pickleBytes(1001),
    pickleBytes({ dict: [['little_endian', true]] }),
    pickleBytes(checkpoint),
    pickleBytes({ list: storages.map((_, key) => `${key}`) }),
    ...storages.flatMap(({ count, data }) => [littleEndian([8, count]), data]),
  ]);
}
