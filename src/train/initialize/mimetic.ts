import { VisionTransformer } from '../../models/index.js';
import { Attention, type Module } from '../../nn/index.js';

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

/** Those of patches; what stands before them has none. */
function wavePositions({ pos_embed: positions, geometry: { grid } }: VisionTransformer): void {
  const values = positions.storage.values!; // [1, prefix + patches, width]
  const waves = positionWaves(grid, positions.shape[2]);
  values.set(waves, values.length - waves.length);
}

/**
 * Where each patch lies, as sines and cosines of its column and row at wavelengths from 2 pi patches to 100 times as much:
 * patches near each other begin alike. With 10 000 times, as for texts, the loss fell a little more slowly. [patches, width]
 * Source: Vaswani et al., "Attention Is All You Need", 2017, section 3.5, along two axes.
 */
function positionWaves([rows, columns]: readonly [number, number], width: number): Float32Array {
  const waves = Math.floor(width / 4);
  const values = new Float32Array(rows * columns * width);
  for (let patch = 0; patch < rows * columns; patch++) {
    const position = [patch % columns, Math.floor(patch / columns)];
    for (let i = 0; i < 4 * waves; i++) {
      const wave = i % waves;
      const angle = position[i < 2 * waves ? 0 : 1] / 100 ** (wave / waves);
      values[patch * width + i] = Math.floor(i / waves) % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return values;
}
