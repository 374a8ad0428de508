import type { Module } from '../../nn/index.js';
import { always, normal, truncated, uniform, type Draw } from './draws.js';
import { mimicTrained } from './mimetic.js';
import type { Place, Role } from './place.js';

/** What parameters begin with. */
export interface Scheme {
  /** A draw for each number of a parameter, by what the parameter is for. */
  readonly draws: Readonly<Record<Role, (place: Place) => Draw>>;
  /** What is done when all have their numbers. */
  readonly finish?: (module: Module) => void;
}

/** Glorot and Bengio, 2010, equation 16; a convolution of patches is the matrix that it is. */
const glorot = ({ inputs, outputs }: Place): Draw => uniform(Math.sqrt(6 / (inputs + outputs)));
/** He et al., 2015, equation 10. */
const he = ({ inputs }: Place): Draw => normal(Math.sqrt(2 / inputs));
/** What PyTorch gives a layer that nobody initialises: `kaiming_uniform_(a=sqrt(5))`, and the same for its biases. */
const torch = ({ inputs }: Place): Draw => uniform(1 / Math.sqrt(inputs));
const zero = (): Draw => always(0);
const isHead = ({ name }: Place): boolean => /^head(_dist)?\./.test(name);

/** What all have alike. The tokens and positions are those of timm's `VisionTransformer.init_weights`. */
const usual = {
  matrix: glorot,
  patches: glorot,
  bias: zero,
  gain: () => always(1),
  shift: zero,
  branch: () => always(1e-5),
  positions: () => normal(0.02),
  token: () => normal(1e-6),
  query: ({ parameter: { shape } }) => truncated(shape[shape.length - 1] ** -0.5),
} satisfies Scheme['draws'];

/** Every scheme, by its name. */
export const schemes = {
  /** timm, `init_weights_vit_timm`: its cut at 2 is a hundred deviations away. Patches are left as PyTorch has them. */
  timm: { draws: { ...usual, matrix: () => normal(0.02), patches: torch, bias: patchesOr(torch, zero) } },
  /** timm, `init_weights_vit_jax`: as the models of "An Image is Worth 16x16 Words" began. */
  jax: {
    draws: {
      ...usual,
      matrix: (place) => (isHead(place) ? zero() : glorot(place)),
      patches: ({ inputs }) => truncated(Math.sqrt(1 / inputs)),
      bias: ({ name }) => (name.includes('mlp') ? normal(1e-6) : zero()),
    },
  },
  /** timm, `init_weights_vit_moco`: queries, keys and values each as a matrix of its own. */
  moco: {
    draws: {
      ...usual,
      matrix: (place) =>
        glorot(/\bqkv\./.test(place.name) ? { ...place, outputs: place.outputs / 3 } : place),
      patches: torch,
      bias: patchesOr(torch, zero),
    },
  },
  /** Every layer as PyTorch leaves it. */
  torch: { draws: { ...usual, matrix: torch, patches: torch, bias: torch } },
  xavier: { draws: usual },
  kaiming: { draws: { ...usual, matrix: he, patches: he } },
  /** All that norms do not multiply by: a classifier that knows nothing. */
  zeros: { draws: { ...usual, matrix: zero, patches: zero, positions: zero, token: zero, query: zero } },
  /** What `vitrine train` begins with. */
  mimetic: {
    draws: {
      ...usual,
      matrix: (place) => (isHead(place) ? zero() : glorot(place)),
      positions: zero,
      token: () => normal(0.02),
    },
    finish: mimicTrained,
  },
} as const satisfies Record<string, Scheme>;

export type SchemeName = keyof typeof schemes;
export const schemeNames = Object.keys(schemes) as SchemeName[];

function patchesOr(patches: (place: Place) => Draw, others: () => Draw): (place: Place) => Draw {
  return (place) => (/\bpatch_embed\./.test(place.name) ? patches(place) : others());
}
