import { operations, type Act, type Kind, type KindOf, type Tensor } from '../../../tensor/index.js';
import type { BoxRules } from './box-rules.js';
import { concat } from './concat.js';
import { element } from './element.js';
import { expand } from './expand.js';
import { fold } from './fold.js';
import { leaf } from './leaf.js';
import { matmul } from './matmul.js';
import { permute } from './permute.js';
import { reshape } from './reshape.js';
import { row } from './row.js';
import { slice } from './slice.js';

/** Of operations whose facts say where their elements come from. */
const byAct = { leaf, element, fold, row };

/** Of those that each move elements about in a way of their own. */
const byKind: { readonly [K in KindOf<Exclude<Act, keyof typeof byAct>>]: BoxRules<K> } = {
  reshape,
  expand,
  permute,
  slice,
  concat,
  matmul,
};

const rules = Object.fromEntries(
  Object.entries(operations).map(([kind, { acts }]) => [
    kind,
    acts in byAct ? byAct[acts as keyof typeof byAct] : byKind[kind as keyof typeof byKind],
  ]),
) as Readonly<Record<Kind, BoxRules>>;

export function boxRules({ operation: { kind } }: Tensor): BoxRules {
  return rules[kind];
}
