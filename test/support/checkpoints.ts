import { findModel } from '../../src/models/registry/registry.js';
import { VisionTransformer } from '../../src/models/vision-transformer.js';
import { generator, randomValues } from './random.js';

/** A float32 tensor to write. */
export interface TensorToWrite {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A safetensors file. */
export function encodeSafetensors(tensors: readonly TensorToWrite[]): Buffer {
  let end = 0;
  const entries = tensors.map(({ name, shape, values }) => {
    const begin = end;
    end += values.byteLength;
    return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }];
  });
  const pieces = tensors.map(({ values }) =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength),
  );
  return frameSafetensors(Object.fromEntries(entries), Buffer.concat(pieces));
}

/** A header and data put together as they are, so that tests can make headers that lie. */
export function frameSafetensors(header: unknown, data: Buffer): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}

/** DeiT-tiny with numbers that nobody trained: the same at every call, and large enough for uneven attention. */
export function untrainedDeitTiny(): TensorToWrite[] {
  const random = generator(1);
  const model = new VisionTransformer(findModel('deit_tiny_patch16_224').config);
  return [...model.namedParameters()].map(([name, { shape }]) => {
    const count = shape.reduce((product, extent) => product * extent, 1);
    const isScale = name.includes('norm') && name.endsWith('weight');
    return { name, shape, values: randomValues(count, random, ...(isScale ? [0.5, 1.5] : [-0.15, 0.15])) };
  });
}
