import type { Preprocessing } from '../../image/index.js';
import type { VisionTransformerConfig } from '../vision-transformer-config.js';

/** What a configuration says of a model. */
export interface ModelDescription {
  readonly config: VisionTransformerConfig;
  readonly preprocessing: Preprocessing;
  /** Comma-separated synonyms of each class, by index; undefined if nobody named them. */
  readonly labels: readonly string[] | undefined;
}
