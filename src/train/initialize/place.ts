import type { Module, Parameter } from '../../nn/index.js';

/** What a parameter is for. */
export const roles = [
  /** Of a linear layer. */
  'matrix',
  /** The matrix that makes tokens of patches. */
  'patches',
  'bias',
  /** What a norm multiplies by. */
  'gain',
  /** What a norm adds, or attention to queries and values alone. */
  'shift',
  /** What a branch counts beside the residual. */
  'branch',
  'positions',
  /** A token before the patches. */
  'token',
  /** The query of a pooling by attention. */
  'query',
] as const;

export type Role = (typeof roles)[number];

/** A parameter of a module as one who draws its numbers sees it. */
export interface Place {
  /** In the whole module, such as `blocks.0.attn.qkv.weight`. */
  readonly name: string;
  readonly parameter: Parameter;
  readonly role: Role;
  /** Numbers that each output of its layer is made of, and outputs; of a bias those of the matrix beside it. */
  readonly inputs: number;
  readonly outputs: number;
}

/** All parameters of a module. Names are the field's everywhere, so what each is for is told by its own and its rank. */
export function placesIn(module: Module): Place[] {
  const named = new Map(module.namedParameters());
  return [...named].map(([name, parameter]) => {
    const weight = named.get(name.replace(/[^.]*$/, 'weight')) ?? parameter;
    const { shape, size } = weight;
    const outputs = shape[0] ?? 1;
    return { name, parameter, role: roleOf(name, parameter, weight), inputs: size / outputs, outputs };
  });
}

const byName: readonly (readonly [RegExp, Role])[] = [
  [/^pos_embed$/, 'positions'],
  [/^(cls|reg|dist)_token$/, 'token'],
  [/^latent$/, 'query'],
  [/^gamma$/, 'branch'],
];

/** @param weight of the same layer */
function roleOf(name: string, { rank }: Parameter, weight: Parameter): Role {
  const own = name.slice(name.lastIndexOf('.') + 1);
  const known = byName.find(([pattern]) => pattern.test(own));
  if (known) return known[1];
  if (own.endsWith('bias')) return own === 'bias' && weight.rank > 1 ? 'bias' : 'shift';
  if (rank === 1) return 'gain';
  return rank === 4 ? 'patches' : 'matrix';
}
