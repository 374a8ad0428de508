import { fuseHeads } from '../heads.js';
import { chosenLayers } from '../layers.js';
import { define } from '../method.js';
import { discardRatio, headFusion } from '../options.js';
import { asTheScript, discardAnywhere, misnormalisedMap, vitExplainSource } from '../vit-explain.js';

/** Attention rollout as the script vit-explain computes it, deviations and input included; see vit-explain.ts. */
export const vitExplainRollout = define({
  name: 'vit-explain-rollout',
  explains: 'as rollout, for comparison with that script',
  source: vitExplainSource,
  of: 'pass',
  options: () => ({ headFusion, discardRatio }),
  preprocessing: asTheScript,
  map(pass, options) {
    const matrices = chosenLayers(pass).map(({ attention }) =>
      discardAnywhere(fuseHeads(attention, options.headFusion), options.discardRatio, true),
    );
    return misnormalisedMap(matrices, pass);
  },
});
