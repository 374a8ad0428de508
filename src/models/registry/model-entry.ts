import type { Preprocessing } from '../../image/index.js';
import type { VisionTransformerConfig } from '../vision-transformer-config.js';
import type { OutputKind } from './labels.js';

/** A model that can be asked for by name. */
export interface ModelEntry {
  /** timm's: the architecture alone for its default checkpoint, else with the tag behind a dot. */
  readonly name: string;
  /** timm's word for what the checkpoint was trained on, and how. */
  readonly tag?: string;
  readonly config: VisionTransformerConfig;
  /** What its numbers are. */
  readonly output: OutputKind;
  /** Comma-separated synonyms of each class, by index; left out if nobody named them. */
  readonly labels?: readonly string[] | undefined;
  /** How a picture becomes its input. */
  readonly preprocessing: Preprocessing;
  /** Where the checkpoint is published on the Hugging Face hub; a model without this ships with the package. */
  readonly hub?: { readonly repo: string; readonly file: string };
  /** Of the checkpoint: the hub's word for it. */
  readonly licence: string;
}
