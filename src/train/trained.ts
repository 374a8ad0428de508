import { UsageError } from '../errors.js';
import type { Parameter } from '../nn/index.js';

/** A parameter with its name. */
export type Named = readonly [name: string, parameter: Parameter];

/** Stands for all but what is classified with. */
export const backbone = 'backbone';

/** Whether a parameter belongs to a classifier. */
export function isOfHead(name: string): boolean {
  return /^(head|head_dist|patch_head)\./.test(name);
}

/**
 * The parameters that are learned: all but those of the named modules.
 * @param frozen names of modules or parameters, such as `blocks.0`
 * @throws UsageError for a name that nothing has, or if nothing is left to learn
 */
export function trained(parameters: readonly Named[], frozen: readonly string[]): readonly Named[] {
  const isIn = (name: string, module: string): boolean => name === module || name.startsWith(`${module}.`);
  const isFrozen = (name: string, module: string): boolean =>
    module === backbone ? !isOfHead(name) : isIn(name, module);
  const unknown = frozen.find((module) => !parameters.some(([name]) => isFrozen(name, module)));
  if (unknown !== undefined) {
    throw new UsageError(
      `"freeze" names "${unknown}", which is no part of the model; name modules or parameters, such as "patch_embed", ` +
        '"pos_embed" or "blocks.0", or "backbone".',
    );
  }
  const rest = parameters.filter(([name]) => !frozen.some((module) => isFrozen(name, module)));
  if (rest.length === 0)
    throw new UsageError('"freeze" leaves nothing to be learned; leave out the head at least.');
  return rest;
}

/** Whether weight decay acts on a parameter, as timm has it: matrices shrink; biases, norms and embeddings do not. */
export function decays(name: string): boolean {
  return /(^|\.)weight$/.test(name) && !name.includes('norm');
}

/**
 * What each parameter's learning rate is multiplied by: layers near the input, whose features serve most tasks, learn less.
 * Source: Clark et al., "ELECTRA", 2020, section 3.2; with the layers of vision transformers as in Bao et al., "BEiT", 2022:
 * the embeddings, each block, and what comes behind.
 * @param decay from one layer to the one before it, from 0 to 1
 */
export function layerScales(names: readonly string[], depth: number, decay: number): number[] {
  return names.map((name) => decay ** (depth + 1 - layerOf(name, depth)));
}

function layerOf(name: string, depth: number): number {
  const block = /^blocks\.(\d+)\./.exec(name);
  if (block) return Number(block[1]) + 1;
  return /^(patch_embed|pos_embed|cls_token|dist_token|reg_token|norm_pre)\b/.test(name) ? 0 : depth + 1;
}
