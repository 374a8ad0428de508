import type { Batch, TrainConfig } from '../../../train/index.js';
import type { SetMark } from './set-mark.js';

/** Which pictures of a set. */
export interface Order {
  readonly id: number;
  readonly part: 'train' | 'test';
  readonly first: number;
  readonly count: number;
}

/** What is known once a set is open. */
export interface Description {
  readonly labels: readonly string[];
  readonly config: TrainConfig;
  /** Pictures of each part. */
  readonly sizes: Readonly<Record<Order['part'], number>>;
  readonly notes: readonly string[];
  /** By which the set is known again. */
  readonly mark: SetMark | undefined;
}

/** What went wrong; `known` if a person can do something about it. */
export interface Failure {
  readonly known: boolean;
  readonly message: string;
}

/** What a thread says: once that it is open, then to each order its batch, and in between which pictures are damaged. */
export type Answer =
  | { readonly kind: 'open'; readonly description: Description }
  | { readonly kind: 'batch'; readonly id: number; readonly batch: Batch }
  | { readonly kind: 'damaged'; readonly name: string; readonly why: string }
  | { readonly kind: 'failure'; readonly failure: Failure };
