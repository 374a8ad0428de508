import type { Preprocessing } from '../../image/index.js';
import type { OutputKind } from '../registry/labels.js';
import type { Extent, VisionTransformerConfig } from '../vision-transformer-config.js';

/** What a configuration says of a model. */
export interface ModelDescription {
  readonly config: VisionTransformerConfig;
  /** Of the pictures that it was trained with. */
  readonly trainedSize: Extent;
  readonly preprocessing: Preprocessing;
  readonly output: OutputKind;
  /** Comma-separated synonyms of each class, by index; left out if nobody named them. */
  readonly labels?: readonly string[] | undefined;
}
