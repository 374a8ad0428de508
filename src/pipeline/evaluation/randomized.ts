import { VisionTransformer } from '../../models/index.js';
import { Random } from '../../random.js';
import type { Values } from '../../tensor/index.js';

/*
 * Models that have forgotten what they learned, from the classifier down to some block: a map that stays the same is no
 * explanation of the model.
 * Source: Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018, cascading randomization.
 */

/** How far down a model is random: the classifier alone, then the blocks from the last to the first, then the embedding. */
export function stagesOf(model: VisionTransformer): readonly string[] {
  const blocks = model.blocks.map((_, block) => `blocks.${block}`);
  return ['head', ...blocks.reverse(), 'embedding'];
}

/** The stage at which a parameter is lost. */
function stageOf(parameter: string): string {
  const block = /^blocks\.\d+/.exec(parameter)?.[0];
  if (block !== undefined) return block;
  return /^(patch_embed|pos_embed|cls_token|dist_token|reg_token|norm_pre)\b/.test(parameter)
    ? 'embedding'
    : 'head';
}

/**
 * A model of its own with the same parameters, but those of all stages up to the given one: each has its own numbers in random
 * order, so that their size stays what it was.
 */
export async function randomized(
  model: VisionTransformer,
  stage: string,
  seed: number,
): Promise<VisionTransformer> {
  const stages = stagesOf(model);
  const lost = new Set(stages.slice(0, stages.indexOf(stage) + 1));
  const copy = new VisionTransformer(model.config);
  const originals = new Map(model.namedParameters());
  let number = 0;
  for (const [name, parameter] of copy.namedParameters()) {
    const { storage } = originals.get(name)!;
    const own = await storage.read();
    parameter.assign(lost.has(stageOf(name)) ? shuffled(own, new Random(seed, number)) : own);
    number++;
  }
  return copy;
}

function shuffled(values: Values, random: Random): Values {
  const result = values.slice();
  for (let last = result.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    [result[last], result[other]] = [result[other], result[last]];
  }
  return result;
}
