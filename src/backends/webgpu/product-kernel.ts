import type { Epilogue, Step } from '../../compiler/plan.js';
import type { View } from '../../compiler/view.js';
import { sizeOf } from '../../tensor/index.js';
import { axes, MAX_WORKGROUPS, type Constant, type Kernel } from './kernel.js';
import type { ProductVariant, Variants } from './variants.js';

type ProductStep = Extract<Step, { kind: 'matmul' }>;

/** A step's operands by their roles. */
interface Product {
  readonly epilogue: Epilogue;
  readonly a: View;
  readonly b: View;
  readonly output: View;
  readonly bias: View | undefined;
  readonly residual: View | undefined;
  /** Operand of `geluGradient`. */
  readonly x: View | undefined;
  readonly batchShape: readonly number[];
  readonly batch: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

/** What a kernel makes of a workgroup. */
interface Tile {
  readonly rows: number;
  readonly columns: number;
}

/** A kernel of matmul_tiled.wgsl: `lanes` in x and y, each of `rows` rows by 4 columns. */
interface TiledKernel extends Tile {
  readonly constants: Readonly<Record<string, number>>;
}

const directTile: Tile = { rows: 32, columns: 32 };
const fewRowsTile: Tile = { rows: 1, columns: 32 };

/** Kernels of one subgroup. Those that also take the softmax compute whole rows, tile by tile. */
const subgroupTiles = {
  matmul_octets: { rows: 8, columns: 32 },
  matmul_quads: { rows: 8, columns: 16 },
} as const satisfies Partial<Record<ProductVariant, Tile>>;

const tiledKernels = {
  matmul_tiled_16: tiled([4, 16], 1),
  matmul_tiled_32: tiled([8, 8], 4),
  matmul_tiled_64: tiled([16, 16], 4),
} as const satisfies Partial<Record<ProductVariant, TiledKernel>>;

function tiled([x, y]: readonly [x: number, y: number], rows: number): TiledKernel {
  return { rows: y * rows, columns: 4 * x, constants: { LANES_X: x, LANES_Y: y, ROWS: rows } };
}

/** Products of at most this many rows get lanes that share nothing on software adapters. */
const FEW_ROWS = 2;

/** Products of at least this many elements count as large: those of DeiT-tiny for several images. */
const LARGE = 2 ** 18;

/** Batch axes that fit into the structure `Product` of product.wgsl. */
const PARAMETER_AXES = 4;

export function productKernel(step: ProductStep, variants: Variants): Kernel {
  const product = describe(step);
  const { m, n, batch } = product;
  const variant = batch * m * n >= LARGE ? variants.largeProduct : variants.product;
  const kernel = variant === 'matmul' ? undefined : parameterKernel(product, variant);
  // What parameters or a dispatch cannot express is built into the kernel.
  const isPossible = kernel?.workgroups.every((count) => count <= MAX_WORKGROUPS);
  return kernel && isPossible && product.batchShape.length <= PARAMETER_AXES
    ? kernel
    : constantKernel(product);
}

/** A kernel that learns shapes and strides when it runs. */
function parameterKernel(product: Product, variant: Exclude<ProductVariant, 'matmul'>): Kernel {
  const { files, constants, tile, extensions } =
    variant in tiledKernels
      ? tiledParts(product, variant as keyof typeof tiledKernels)
      : subgroupParts(product, variant as keyof typeof subgroupTiles);
  return {
    files: [...files, 'product.wgsl', ...epilogueFiles(product)],
    constants,
    bindings: bindingsOf(product),
    parameters: { binding: 6, words: productParameters(product) },
    workgroups: workgroupsOf(product, tile),
    extensions,
  };
}

interface Parts extends Pick<Kernel, 'files' | 'constants'> {
  readonly tile: Tile;
  readonly extensions: readonly GPUFeatureName[];
}

function tiledParts({ a, b }: Product, variant: keyof typeof tiledKernels): Parts {
  const kernel = tiledKernels[variant];
  const constants = {
    ...kernel.constants,
    LEFT_ALONG_K: a.strides[a.strides.length - 1] === 1,
    RIGHT_ALONG_K: b.strides[b.strides.length - 2] === 1,
  };
  return { files: ['matmul_tiled.wgsl'], constants, tile: kernel, extensions: [] };
}

function subgroupParts(product: Product, variant: keyof typeof subgroupTiles): Parts {
  const operands = [leftOperand(product), rightOperand(product)];
  const constants = { TAIL: product.k % 4 !== 0 };
  const { softmax } = product.epilogue;
  if (product.m <= FEW_ROWS && !softmax) {
    return { files: ['matmul_few_rows.wgsl', ...operands], constants, tile: fewRowsTile, extensions: [] };
  }
  const tile = subgroupTiles[variant];
  return {
    files: [
      `${variant}.wgsl`,
      ...(softmax ? ['product_softmax.wgsl', 'lanes_of_subgroup.wgsl'] : ['product_tile.wgsl']),
      ...operands,
    ],
    constants,
    tile: softmax ? wholeRows(tile, product) : tile,
    extensions: ['subgroups'],
  };
}

/** How the kernels for subgroups load the left operand. */
function leftOperand({ a, k }: Product): string {
  return k % 4 === 0 && inFours(a, a.shape.length - 1)
    ? 'operands/left_along_k.wgsl'
    : 'operands/left_scattered.wgsl';
}

/** How the kernels for subgroups load the right operand. */
function rightOperand({ b, k }: Product): string {
  const row = b.shape.length - 2;
  if (k % 4 === 0 && inFours(b, row)) return 'operands/right_along_k.wgsl';
  return inFours(b, row + 1) ? 'operands/right_along_columns.wgsl' : 'operands/right_scattered.wgsl';
}

/** Whether neighbours along an axis lie together, and every line of them begins at a multiple of four. */
function inFours({ offset, strides }: View, axis: number): boolean {
  return strides[axis] === 1 && [offset, ...strides.toSpliced(axis, 1)].every((step) => step % 4 === 0);
}

function describe({ epilogue, inputs, output }: ProductStep): Product {
  const [a, b, ...rest] = inputs;
  const take = (present: boolean): View | undefined => (present ? rest.shift() : undefined);
  const bias = take(epilogue.bias);
  const residual = take(epilogue.residual);
  const x = take(epilogue.activation === 'geluGradient');
  const batchShape = a.shape.slice(0, -2);
  const batch = sizeOf(batchShape);
  const [m, k] = a.shape.slice(-2);
  const n = b.shape[b.shape.length - 1];
  return { epilogue, a, b, output, bias, residual, x, batchShape, batch, m, k, n };
}

function epilogueFiles({ epilogue: { bias, activation, residual } }: Product): string[] {
  const activations = {
    none: ['epilogues/no_activation.wgsl'],
    gelu: ['epilogues/gelu.wgsl', 'normal_distribution.wgsl'],
    geluGradient: ['epilogues/gelu_gradient.wgsl', 'normal_distribution.wgsl'],
  };
  return [
    `epilogues/${bias ? 'bias' : 'no_bias'}.wgsl`,
    ...activations[activation],
    `epilogues/${residual ? 'residual' : 'no_residual'}.wgsl`,
  ];
}

function bindingsOf({ a, b, output, bias, residual, x }: Product): Kernel['bindings'] {
  return [a, b, output, bias, residual, x];
}

function workgroupsOf({ m, n, batch }: Product, { rows, columns }: Tile): Kernel['workgroups'] {
  return [Math.ceil(n / columns), Math.ceil(m / rows), batch];
}

/** A tile as broad as the product, which may have no columns at all. */
function wholeRows({ rows }: Tile, { n }: Product): Tile {
  return { rows, columns: Math.max(1, n) };
}

/** matmul.wgsl, with everything known when it is compiled. */
function constantKernel(product: Product): Kernel {
  const { epilogue, a, b, output, bias, residual, x, batchShape, batch, m, k, n } = product;
  const { softmax } = epilogue;
  const [across, down] = workgroupsOf(product, softmax ? wholeRows(directTile, product) : directTile);
  const workgroups: Kernel['workgroups'] = [across, down, Math.min(batch, MAX_WORKGROUPS)];
  const operand = (name: string, view: View | undefined): Record<string, Constant> => {
    const strides = view?.strides ?? batchShape.concat(0, 0).fill(0);
    return {
      [`${name}_OFFSET`]: view?.offset ?? 0,
      [`${name}_BATCH_STRIDES`]: axes(strides.slice(0, -2), 0),
      [`${name}_ROW_STRIDE`]: strides[strides.length - 2],
      [`${name}_COLUMN_STRIDE`]: strides[strides.length - 1],
    };
  };
  const main = softmax ? 'matmul_softmax.wgsl' : 'matmul_tile.wgsl';
  const files = ['matmul.wgsl', main, ...epilogueFiles(product)];
  return {
    files: [...files, batchShape.length > 1 ? 'locate.wgsl' : 'locate_one_axis.wgsl'],
    constants: {
      M: m,
      K: k,
      N: n,
      BATCH: batch,
      GROUPS_Z: workgroups[2],
      RANK: Math.max(1, batchShape.length),
      BATCH_SHAPE: axes(batchShape, 1),
      SCALE: { float: epilogue.scale },
      ...operand('A', a),
      ...operand('B', b),
      ...operand('OUTPUT', output),
      ...operand('RESIDUAL', residual),
      ...operand('X', x),
      BIAS_OFFSET: bias?.offset ?? 0,
      BIAS_STRIDE: bias?.strides[0] ?? 0,
    },
    bindings: bindingsOf(product),
    workgroups,
  };
}

/** The members of the structure `Product` of product.wgsl. */
function productParameters(product: Product): (number | { float: number })[] {
  const { epilogue, a, b, output, bias, residual, x, batchShape, m, k, n } = product;
  const missing = PARAMETER_AXES - batchShape.length;
  const padded = (list: readonly number[], filler: number): number[] => [
    ...new Array<number>(missing).fill(filler),
    ...list,
  ];
  const batchStrides = (view: View | undefined): number[] =>
    padded(view?.strides.slice(0, -2) ?? batchShape.map(() => 0), 0);
  const matrix = (view: View | undefined): number[] => [
    view?.offset ?? 0,
    ...(view?.strides.slice(-2) ?? [0, 0]),
  ];
  return [
    ...padded(batchShape, 1),
    ...[a, b, residual, x, output].flatMap(batchStrides),
    ...[m, k, n],
    ...matrix(a),
    ...matrix(output),
    ...matrix(b),
    { float: epilogue.scale },
    ...[bias?.offset ?? 0, bias?.strides[0] ?? 0],
    ...matrix(residual),
    ...matrix(x),
  ];
}
