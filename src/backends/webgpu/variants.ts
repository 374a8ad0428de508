import type { Fusion } from '../../compiler/plan.js';

/**
 * Kernels of matrix products: a file under shaders/, without its ending, and for matmul_tiled.wgsl the width of its tile.
 */
export const productVariants = [
  'matmul',
  'matmul_octets',
  'matmul_quads',
  'matmul_tiled_16',
  'matmul_tiled_32',
  'matmul_tiled_64',
] as const;
export type ProductVariant = (typeof productVariants)[number];

/** What works on a row of a softmax or a layer norm: a workgroup with barriers, or a single subgroup without. */
export const rowVariants = ['workgroup', 'subgroup'] as const;

/**
 * Which kernels an adapter runs best. The choice is data: `defaultVariants` holds what was measured, and whoever
 * measures better can hand other ones to `WebGPUBackend.create`.
 */
export interface Variants {
  readonly product: ProductVariant;
  /** For products of several images. */
  readonly largeProduct: ProductVariant;
  readonly row: (typeof rowVariants)[number];
  /** Lanes that work on a row. */
  readonly rowLanes: number;
}

/** What of an adapter the choice depends on. */
export interface AdapterTraits {
  /** Computes on the CPU. */
  readonly software: boolean;
  /** Lanes in a subgroup, if they are always as many; 0 if not, or if the adapter has none. */
  readonly subgroup: number;
}

/**
 * GFLOP a second and core of the product 197 x 192 x 768 (AMD EPYC 7003, one core of two):
 *
 * | kernel                                        | SwiftShader, 4 lanes | lavapipe 25, 8 lanes |
 * | --------------------------------------------- | -------------------- | -------------------- |
 * | matmul (4 rows by 4 columns a lane)           | 0.5                  | 2.7                  |
 * | direct, 4 / 8 / 16 rows by a vec4 a lane      | 0.5 / 0.8 / 0.7      | 2.9 / 3.1 / 2.9      |
 * | left operand handed round, 8 / 16 rows        | 1.2 / 1.5            | 7.5 / 7.9            |
 * | the same, 32 / 64 rows                        | 1.5 / 1.4            | 5.7 / -              |
 *
 * Compiling 16 rows takes lavapipe twice as long as 8. No GPU has been measured: small tiles keep more of its units busy
 * where one image gives few, large ones read each number less often. WebGPU does not tell integrated from discrete ones.
 *
 * Rows, of the same machine and DeiT-tiny's explanation, ms in all; its cores were busy, which is when barriers cost most:
 *
 * | kernel                            | SwiftShader          | lavapipe 25          |
 * | --------------------------------- | -------------------- | -------------------- |
 * |                                   | workgroup / subgroup | workgroup / subgroup |
 * | softmax, 591 x 197, 11 calls      | 1801 / 39            | 44.7 / 6.6           |
 * | its gradient, 10 calls            | 763 / 37             | 17.8 / 4.9           |
 * | layer norm, 197 x 192, 23 calls   | 1198 / 32            | 26.7 / 6.1           |
 * | its gradient, 22 calls            | 1814 / 46            | 50.0 / 8.4           |
 */
export function defaultVariants({ software, subgroup }: AdapterTraits): Variants {
  const product = subgroupProducts[subgroup];
  if (software && product) return { product, largeProduct: product, row: 'subgroup', rowLanes: subgroup };
  const row = { row: 'workgroup', rowLanes: 64 } as const;
  return software
    ? { product: 'matmul', largeProduct: 'matmul', ...row }
    : { product: 'matmul_tiled_32', largeProduct: 'matmul_tiled_64', ...row };
}

/**
 * What products can do before they store a result. The softmax only where a subgroup computes a product's rows: kernels for
 * GPUs spread a row over workgroups, which cannot wait for each other.
 */
export function fusionsOf({ product, largeProduct }: Variants): ReadonlySet<Fusion> {
  const fusions = new Set<Fusion>(['scale', 'gelu', 'geluGradient', 'residual', 'strides']);
  const bySubgroup = new Set<ProductVariant | undefined>(Object.values(subgroupProducts));
  if (bySubgroup.has(product) && bySubgroup.has(largeProduct)) fusions.add('softmax');
  return fusions;
}

/** By the number of lanes in a subgroup. */
const subgroupProducts: Readonly<Record<number, ProductVariant | undefined>> = {
  4: 'matmul_quads',
  8: 'matmul_octets',
};

/** What an adapter can run, for whoever wants to know which is fastest. */
export function possibleVariants({ subgroup }: AdapterTraits): {
  readonly products: readonly ProductVariant[];
  readonly rows: readonly Pick<Variants, 'row' | 'rowLanes'>[];
} {
  const lanesNeeded: Partial<Record<ProductVariant, number>> = { matmul_quads: 4, matmul_octets: 8 };
  const rows: Pick<Variants, 'row' | 'rowLanes'>[] = [32, 64, 128].map((rowLanes) => ({
    row: 'workgroup',
    rowLanes,
  }));
  if (subgroup > 1) rows.push({ row: 'subgroup', rowLanes: subgroup });
  return { products: productVariants.filter((name) => subgroup >= (lanesNeeded[name] ?? 0)), rows };
}
