import { evidenceOfBiases, evidenceOfLayers, mapOfTokens, total } from '../evidence.js';
import { define, type MethodDefinition } from '../method.js';
import { biases } from '../options.js';
import type { Layer } from '../pass.js';
import { libraGrad } from '../sources.js';

type Options = { readonly biases: typeof biases };

/** A sum over layers of gradient times input and, if asked for, what their biases count. */
function overLayers(
  about: Pick<MethodDefinition<'class', Options>, 'name' | 'explains'>,
  chosen: (layers: readonly Layer[]) => readonly Layer[],
) {
  return define({
    ...about,
    source: libraGrad,
    of: 'class',
    options: () => ({ biases }),
    shows: () => 'signed',
    map(pass, options) {
      const layers = chosen(pass.layers);
      const ofBiases = options.biases === 'with' ? layers.map((layer) => evidenceOfBiases(pass, layer)) : [];
      const rows = [...evidenceOfLayers(pass, layers), ...ofBiases.filter((row) => row !== undefined)];
      return mapOfTokens(total(rows), pass.layout);
    },
  });
}

/**
 * FullGrad+: gradient times input at the tokens that enter each block, with what the block's biases count, summed over all
 * blocks, `sum over l of zg[l] + b[l]`.
 * Source: Mehri et al., "LibraGrad", CVPR 2025.
 */
export const fullgradPlus = overLayers(
  { name: 'fullgrad-plus', explains: 'a class, by the tokens of all blocks' },
  (layers) => layers,
);

/**
 * SkipPLUS: the same sum over the upper half of the blocks, which leaves out the noise of the lower ones.
 * Source: Mehri et al., "SkipPLUS: Skip the First Few Layers to Better Explain Vision Transformers", CVPR workshops 2024.
 */
export const skipplus = overLayers(
  { name: 'skipplus', explains: 'a class, by the tokens of the upper blocks' },
  (layers) => layers.slice(Math.floor(layers.length / 2)),
);
