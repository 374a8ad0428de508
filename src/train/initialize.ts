import type { Attention } from '../nn/index.js';
import type { Random } from '../random.js';
import type { Learner } from './learner.js';

/**
 * Gives every parameter the value it has before training: matrices as Glorot has it, positions as waves, the class token
 * small, norms as the identity, biases and classifiers 0. Attention begins as trained attention looks: a token attends to
 * tokens like itself, which because of the waves lie near it, and subtracts what it finds there.
 * Sources: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010,
 * equation 16; Beyer, Zhai and Kolesnikov, "Better plain ViT baselines for ImageNet-1k", 2022, for the positions;
 * Dosovitskiy et al., 2021, appendix, for the classifier; Trockman and Kolter, "Mimetic Initialization of Self-Attention
 * Layers", 2023, for the attention, here by equal matrices instead of a decomposition.
 */
export function initialize({ model, parameters }: Learner, random: Random): void {
  for (const [name, parameter] of parameters) {
    const { shape, size } = parameter;
    const fill = (value: () => number): void => {
      parameter.assign(Float32Array.from({ length: size }, value));
    };
    if (name.includes('norm') && name.endsWith('weight')) fill(() => 1);
    else if (name === 'pos_embed') parameter.assign(positionWaves(model.geometry.grid, shape[2]));
    else if (name === 'cls_token') fill(() => 0.02 * random.normal());
    else if (name.endsWith('bias') || /^(patch_)?head\./.test(name)) fill(() => 0);
    else {
      const outputs = shape[0];
      const limit = Math.sqrt(6 / (outputs + size / outputs));
      fill(() => random.uniform(-limit, limit));
    }
  }
  for (const { attn } of model.blocks) mimicTrained(attn);
}

/** Keys equal to queries, and a projection that is the negative transpose of the values' matrix. */
function mimicTrained({ qkv, proj, width }: Attention): void {
  const joint = qkv.weight.storage.values!; // [3 width, width]
  joint.copyWithin(width * width, 0, width * width);
  const projection = proj.weight.storage.values!; // [width, width]
  for (let row = 0; row < width; row++) {
    for (let column = 0; column < width; column++) {
      projection[row * width + column] = -joint[(2 * width + column) * width + row];
    }
  }
}

/**
 * Where each patch lies, as sines and cosines of its column and row at wavelengths from 2 pi patches to 100 times as much:
 * patches near each other begin alike. With 10 000 times, as for texts, the loss fell a little more slowly. Nothing for the
 * class token. [1, 1 + patches, width]
 * Source: Vaswani et al., "Attention Is All You Need", 2017, section 3.5, along two axes.
 */
function positionWaves([rows, columns]: readonly [number, number], width: number): Float32Array {
  const waves = Math.floor(width / 4);
  const values = new Float32Array((1 + rows * columns) * width);
  for (let patch = 0; patch < rows * columns; patch++) {
    const position = [patch % columns, Math.floor(patch / columns)];
    for (let i = 0; i < 4 * waves; i++) {
      const wave = i % waves;
      const angle = position[i < 2 * waves ? 0 : 1] / 100 ** (wave / waves);
      values[(1 + patch) * width + i] = Math.floor(i / waves) % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return values;
}
