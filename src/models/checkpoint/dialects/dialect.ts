import type { Pattern } from './pattern.js';
import { same, type Transform } from './transforms.js';

/** How tensors of a checkpoint make one under timm's name. */
export interface Rule {
  readonly from: readonly Pattern[];
  readonly to: Pattern;
  readonly transform: Transform;
}

/** Tensors that no model of ours has a place for. */
export interface Drop {
  readonly names: Pattern;
  /** What they are, for people. */
  readonly what: string;
}

/** The names that a library, or the code that a family of models was published with, gives to tensors. */
export interface Dialect {
  /** For people. */
  readonly name: string;
  /** Names that are there whenever it is spoken, and are not all there in any dialect further down the list. */
  readonly signs: readonly string[];
  /** A tensor that no rule takes keeps its name. */
  readonly rules: readonly Rule[];
  /** These come before the rules. */
  readonly drops: readonly Drop[];
}

export function rename(from: Pattern, to: Pattern, transform: Transform = same): Rule {
  return { from: [from], to, transform };
}

export function combine(from: readonly Pattern[], to: Pattern, transform: Transform): Rule {
  return { from, to, transform };
}

export function drop(what: string, ...names: readonly Pattern[]): Drop[] {
  return names.map((pattern) => ({ names: pattern, what }));
}
