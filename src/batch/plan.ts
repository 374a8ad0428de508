import { createHash } from 'node:crypto';
import type { Score } from '../explain/index.js';
import type { ColormapName, Preprocessing } from '../image/index.js';
import type { DeviceName, ModelRequest } from '../node/index.js';
import type { AskedTarget } from '../pipeline/index.js';

/** What batches are written as. */
export const formats = ['json', 'parquet', 'npy', 'png'] as const;
export type Format = (typeof formats)[number];

/** A model as any process can open it. */
export interface PlannedModel {
  readonly request: ModelRequest;
  readonly name: string;
  /** Of its checkpoint: a worker that finds another one refuses. */
  readonly sha256: string;
  /** Digest of its configuration, of which weights do not tell all, such as the number of heads. */
  readonly configuration: string;
  /** Of the input, in pixels. */
  readonly imageSize: number | readonly [number, number];
  readonly preprocessing: Preprocessing;
  /** Digest of the names of its classes. */
  readonly labels: string;
}

/** What is done to each picture: plain data, so that it can be handed to threads and other machines. */
export interface BatchPlan {
  readonly version: string;
  readonly model: PlannedModel;
  readonly methods: readonly { readonly name: string; readonly options: Readonly<Record<string, unknown>> }[];
  /** What is explained where a list names no class. */
  readonly targets: readonly AskedTarget[];
  readonly score: Score;
  /** The backend's name: on another one numbers differ in their last digits. */
  readonly backend: DeviceName;
  readonly formats: readonly Format[];
  /** Undefined: what suits the map. */
  readonly colormap?: ColormapName;
}

/** What decides about the result of a picture, beside the picture and its class. */
export function digestOfPlan(plan: BatchPlan): string {
  const { version, model, methods, targets, score, backend, formats: asked, colormap } = plan;
  const { name, sha256, configuration, imageSize, preprocessing, labels } = model;
  // A table is made of results; pictures and arrays are a part of them.
  const kept = (['npy', 'png'] as const).filter((format) => asked.includes(format));
  const drawn = kept.includes('png') ? (colormap ?? null) : null;
  const decisive = [version, name, sha256, configuration, imageSize, preprocessing, labels, methods, targets, score, backend, kept, drawn]; // prettier-ignore
  return digestOf(canonical(decisive));
}

/** @param targets what is explained of this picture, if a list says that */
export function keyOf(plan: string, picture: string, targets: readonly AskedTarget[] | undefined): string {
  return digestOf(canonical([plan, picture, targets ?? null])).slice(0, KEY_LENGTH);
}

/** Hexadecimal digits, 128 bits: two of a billion pictures have the same key with a probability of 1 to 10^21. */
export const KEY_LENGTH = 32;

/** JSON that is the same whatever order names have: databases keep their own. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

export function digestOf(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Of `--shard I/N` whether a key is its own. */
export function isOfShard(key: string, shard: Shard | undefined): boolean {
  return shard === undefined || parseInt(key.slice(0, 12), 16) % shard.of === shard.number - 1;
}

/** One of several processes that share a batch without knowing of each other. */
export interface Shard {
  /** From 1. */
  readonly number: number;
  readonly of: number;
}
