import { fixedPositions } from '../../models/fixed-positions.js';
import { VisionTransformer } from '../../models/index.js';
import { Attention, Parameter, type Module } from '../../nn/index.js';

/**
 * Positions of patches as waves, and attention that begins as trained attention looks: a token attends to tokens like itself,
 * which because of the waves lie near it, and subtracts what it finds there.
 * Sources: Beyer, Zhai and Kolesnikov, "Better plain ViT baselines for ImageNet-1k", 2022, for the positions; Trockman and
 * Kolter, "Mimetic Initialization of Self-Attention Layers", 2023, for the attention, here by equal matrices instead of a
 * decomposition.
 */
export function mimicTrained(whole: Module): void {
  for (const [, module] of whole.namedModules()) {
    if (module instanceof VisionTransformer) wavePositions(module);
    if (module instanceof Attention) mimicAttention(module);
  }
}

/** Keys equal to queries, and a projection that is the negative transpose of the values' matrix. */
function mimicAttention({ qkv, proj, width }: Attention): void {
  const joint = qkv.weight.storage.values!; // [3 width, width]
  joint.copyWithin(width * width, 0, width * width);
  const projection = proj.weight.storage.values!; // [width, width]
  for (let row = 0; row < width; row++) {
    for (let column = 0; column < width; column++) {
      projection[row * width + column] = -joint[(2 * width + column) * width + row];
    }
  }
}

/** Those of patches, where they are learned; what stands before them has none. */
function wavePositions({ pos_embed: positions, geometry: { grid } }: VisionTransformer): void {
  if (!(positions instanceof Parameter)) return;
  const values = positions.storage.values!; // [1, prefix + patches, width]
  const waves = fixedPositions['sin-cos'](grid, positions.shape[2]);
  values.set(waves, values.length - waves.length);
}
