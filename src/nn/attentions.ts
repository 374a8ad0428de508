import type { AnyAttention, AttentionConfig } from './attention.js';
import { HydraAttention } from './hydra-attention.js';
import { Attention } from './softmax-attention.js';

interface AttentionFacts {
  readonly make: (config: AttentionConfig) => AnyAttention;
  /** Whether it has a matrix of tokens by tokens, which methods of attention are made of. */
  readonly hasMatrices: boolean;
  /** How many heads are seen of so many that are configured. */
  readonly heads: (configured: number) => number;
}

/** The attentions there are, by the name that a configuration has for them. */
export const attentions = {
  softmax: { make: (config) => new Attention(config), hasMatrices: true, heads: (configured) => configured },
  hydra: { make: (config) => new HydraAttention(config), hasMatrices: false, heads: () => 1 },
} as const satisfies Record<string, AttentionFacts>;

export type AttentionKind = keyof typeof attentions;
