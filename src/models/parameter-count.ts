import { VisionTransformer } from './vision-transformer.js';
import type { VisionTransformerConfig } from './vision-transformer-config.js';

/** How many numbers a model of this configuration learns. None is allocated. */
export function parameterCount(config: VisionTransformerConfig): number {
  // Blocks are alike: counting all of a deep model takes as long as building it.
  const [none, one] = [0, 1].map((depth) => numbersOf(new VisionTransformer({ ...config, depth })));
  return none + config.depth * (one - none);
}

function numbersOf(model: VisionTransformer): number {
  const shapes = [...model.namedParameters()].map(([, { shape }]) => shape);
  return shapes.reduce((sum, shape) => sum + shape.reduce((product, extent) => product * extent, 1), 0);
}
