import type { View } from '../../compiler/view.js';
import type { Shape } from '../../tensor/index.js';

/** One dispatch, described: which shader files, specialised by which constants, over which buffers. */
export interface Kernel {
  /** Files under shaders/; the first gives the kernel its name. */
  readonly files: readonly string[];
  /** Placed before the files as WGSL constants: a whole number as u32, a list as an array of u32. */
  readonly constants: Readonly<Record<string, Constant>>;
  /** By the number of the shader's binding; numbers that it does not have are left out. */
  readonly bindings: readonly (View | undefined)[];
  /** What the shader reads at run time, so that kernels which differ in nothing else share a pipeline. */
  readonly parameters?: Parameters;
  readonly workgroups: readonly [x: number, y: number, z: number];
  /** Extensions of WGSL that the files use. */
  readonly extensions?: readonly GPUFeatureName[];
}

/** The members of a uniform structure: its words in order, each u32 or f32. */
export interface Parameters {
  readonly binding: number;
  readonly words: readonly (number | Float)[];
}

export type Constant = number | boolean | readonly number[] | Float;

/** A constant of type f32. */
export interface Float {
  readonly float: number;
}

/** WebGPU's default limit on workgroups in one dimension of a dispatch. */
export const MAX_WORKGROUPS = 65535;

/** Lays `count` workgroups out in two dimensions where one would exceed the limit. */
export function spread(count: number): [x: number, y: number, z: number] {
  const x = Math.min(count, MAX_WORKGROUPS);
  return [x, Math.ceil(count / x), 1];
}

/** Axes as WGSL arrays, which cannot be empty: a view without axes has one of extent 1. */
export function axes(list: Shape | readonly number[], filler: number): readonly number[] {
  return list.length > 0 ? list : [filler];
}

/** `const NAME: u32 = 5u;` and so on, one line a constant: what makes a shader file legal WGSL. */
export function writePreamble({ constants, extensions = [] }: Kernel): string {
  return [
    ...extensions.map((name) => `enable ${name};\n`),
    ...Object.entries(constants).map(([name, value]) => `const ${name} = ${writeConstant(value)};\n`),
  ].join('');
}

function writeConstant(value: Constant): string {
  if (typeof value === 'number') return `${value}u`;
  if (typeof value === 'boolean') return String(value);
  if ('float' in value) return `f32(${value.float})`;
  return `array<u32, ${value.length}>(${value.map((element) => `${element}u`).join(', ')})`;
}
