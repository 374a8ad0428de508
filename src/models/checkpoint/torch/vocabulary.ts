import { nameTable, plainNames } from '../pickle/plain-names.js';
import type { Fail } from '../pickle/opcodes.js';
import type { Vocabulary } from '../pickle/unpickle.js';
import { Inert, Name, type PickleValue } from '../pickle/values.js';
import { spanOf } from '../strided.js';
import type { Dtype } from '../values.js';

/** Numbers one after the other, which tensors are views of. */
export interface TorchStorage {
  /** Of the record, or of the piece of the file, that has its bytes. */
  readonly key: string;
  readonly dtype: Dtype;
  /** How many numbers. */
  readonly count: number;
  /** A storage that is itself a view of another begins so many numbers after that one. */
  readonly start: number;
}

/** A tensor as a PyTorch pickle describes it: checked to lie within its storage. */
export class TorchTensor {
  constructor(
    readonly storage: TorchStorage,
    /** Of the first number, from the beginning of the storage's bytes, in numbers. */
    readonly offset: number,
    readonly shape: readonly number[],
    /** In numbers, one an axis. */
    readonly strides: readonly number[],
  ) {}
}

const storageTypes: Readonly<Record<string, Dtype>> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

const dtypeNames = [
  'float64',
  'float32',
  'float16',
  'bfloat16',
  'int64',
  'int32',
  'int16',
  'int8',
  'uint8',
  'bool',
];

/** PyTorch allows as many. */
const mostAxes = 64;

/** A tensor of 4 GiB as float32. */
const mostNumbers = 2 ** 30;

/** The same of one whose places share numbers: an expanded tensor of one number could be of any size. */
const mostShared = 2 ** 24;

/** What a PyTorch checkpoint may contain beside plain data: tensors, and names that stand in their description. */
export function torchVocabulary(fail: Fail): Vocabulary {
  const damaged = (what: string): never => fail(`is damaged: its pickle holds ${what}`);
  const rebuild = (args: readonly PickleValue[]): TorchTensor => rebuildTensor(args, damaged);
  const rows = [
    ...plainNames,
    ['torch._utils', '_rebuild_tensor', rebuild],
    ['torch._utils', '_rebuild_tensor_v2', rebuild],
    ['torch._utils', '_rebuild_parameter', ([tensor]: readonly PickleValue[]) => tensor],
    ['torch._utils', '_rebuild_parameter_with_state', ([tensor]: readonly PickleValue[]) => tensor],
    ['torch', 'Size', ([sizes = []]: readonly PickleValue[]) => sizes],
    ['torch', 'device', () => new Inert('torch.device')],
    ...dtypeNames.map((name) => ['torch', name, undefined] as const),
    ...Object.keys(storageTypes).flatMap((name) => [
      ['torch', name, undefined] as const,
      ['torch.cuda', name, undefined] as const,
    ]),
  ] as const;
  return { names: nameTable(rows), persistent: (id) => storageOf(id, damaged) };
}

type Damaged = (what: string) => never;

/** `('storage', type, key, device, count)`; of older files also the place of a storage that is a view of another. */
function storageOf(id: PickleValue, damaged: Damaged): TorchStorage {
  if (!Array.isArray(id) || id[0] !== 'storage')
    return damaged('a reference to something that is no storage');
  const [, type, key, , count, view = null] = id as PickleValue[];
  const typeName = type instanceof Name ? type.path.slice(type.path.lastIndexOf('.') + 1) : '';
  if (!Object.hasOwn(storageTypes, typeName) || typeof key !== 'string' || !isSize(count)) {
    return damaged('a storage without type, key or size');
  }
  const dtype = storageTypes[typeName];
  if (view === null) return { key, dtype, count, start: 0 };
  if (!Array.isArray(view) || !isSize(view[1]) || !isSize(view[2]) || view[1] + view[2] > count) {
    return damaged(`a view that does not lie within its storage of ${count} numbers`);
  }
  return { key, dtype, count, start: view[1] };
}

/** `(storage, offset, sizes, strides, …)` */
function rebuildTensor(args: readonly PickleValue[], damaged: Damaged): TorchTensor {
  const [storage, offset, shape, strides] = args;
  if (!isStorage(storage) || !isSize(offset) || !isSizeList(shape) || !isSizeList(strides)) {
    return damaged('a tensor with a negative stride, or without storage, offset, sizes or strides');
  }
  if (shape.length !== strides.length || shape.length > mostAxes) {
    return damaged(`a tensor of ${shape.length} sizes and ${strides.length} strides`);
  }
  const measures = `a tensor of sizes [${shape.join(', ')}]`;
  const count = shape.reduce((product, extent) => product * extent, 1);
  const span = spanOf(shape, strides);
  const most = count > span ? mostShared : mostNumbers;
  if (count > most) return damaged(`${measures}, more than ${most} numbers`);
  const [begin, end] = [storage.start + offset, storage.start + offset + span];
  if (!(end <= storage.count)) {
    return damaged(
      `${measures} and strides [${strides.join(', ')}] from number ${begin} on, in a storage of ${storage.count} numbers`,
    );
  }
  return new TorchTensor(storage, begin, shape, strides);
}

function isStorage(value: PickleValue): value is TorchStorage {
  return typeof value === 'object' && value !== null && 'dtype' in value && 'key' in value;
}

function isSize(value: PickleValue): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isSizeList(value: PickleValue): value is number[] {
  return Array.isArray(value) && value.every(isSize);
}
