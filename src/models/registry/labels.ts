import { poolings } from '../pooling.js';
import { completed, type VisionTransformerConfig } from '../vision-transformer-config.js';

/**
 * What a model's numbers are: one for each class; a place among texts or pictures that are alike, as CLIP's; or what a
 * classifier would be given, if nobody trained one.
 */
export type OutputKind = 'classes' | 'embedding' | 'features';

const one: Readonly<Record<OutputKind, string>> = {
  classes: 'class',
  embedding: 'dimension',
  features: 'feature',
};

/** How many numbers a model gives. */
export function outputCount(config: VisionTransformerConfig): number {
  const { classes, width, pooling } = completed(config);
  return classes > 0 ? classes : poolings[pooling].widths * width;
}

/** The labels of a model, by index; "class 17" where nobody named them. */
export function labelsOf({ labels, output, config }: ModelOutputs): readonly string[] {
  return labels ?? Array.from({ length: outputCount(config) }, (_, index) => `${one[output]} ${index}`);
}

/** What of a model decides how its outputs are called. */
export interface ModelOutputs {
  readonly labels?: readonly string[] | undefined;
  readonly output: OutputKind;
  readonly config: VisionTransformerConfig;
}
