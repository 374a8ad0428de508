import { UsageError } from '../errors.js';
import { isView, methods, type AnyMethod, type Wording } from '../explain/index.js';
import { described } from '../given.js';
import { sizesOf, type VisionTransformerConfig } from '../models/index.js';
import { chooseMethods, type ChosenMethod } from './chosen-methods.js';

/*
 * One method several times, each with another value of an option, so that the maps can be compared: they are maps of one program,
 * which shares all that they share.
 */

/** How a method goes through a model: block by block, head by head of one block, or both. */
export const strips = ['layers', 'heads', 'all'] as const;
export type Strip = (typeof strips)[number];

/**
 * The method at each layer, at each head of a layer, or at each of both.
 * @param given its other options, by name
 * @throws UsageError for a method that has no layers to choose from, or no heads
 */
export function chooseStrip(
  method: AnyMethod,
  strip: Strip,
  given: Readonly<Record<string, unknown>>,
  config: VisionTransformerConfig,
  wording?: Wording,
): readonly ChosenMethod[] {
  const choose = (options: Readonly<Record<string, unknown>>): ChosenMethod =>
    chooseMethods([method], options, config, wording)[0];
  if (strip !== 'layers' && !has(method, 'heads')) throw lacking(method, ['heads']);
  const heads = strip === 'layers' ? {} : { heads: 'all' };
  const fixed = ['block', 'heads'].find((name) => Object.hasOwn(given, name) && isFixed(name, strip));
  if (fixed !== undefined) {
    const name = wording?.named(fixed) ?? fixed;
    throw new UsageError(
      `A strip of ${strip} goes through every ${fixed.replace(/s$/, '')}; leave ${name} out.`,
    );
  }
  if (strip === 'heads') return [choose({ ...given, ...heads })];
  const { depth } = sizesOf(config);
  if (has(method, 'block')) {
    return Array.from({ length: depth }, (_, block) => choose({ ...given, ...heads, block }));
  }
  if (!has(method, 'layers')) throw lacking(method, ['block', 'layers']);
  const whole = choose(given);
  if (isView(method)) return [whole];
  const [first, last] = whole.options['layers'] as readonly [number, number];
  return Array.from({ length: last - first + 1 }, (_, i) =>
    choose({ ...given, layers: [first + i, first + i] }),
  );
}

/** What the strip itself goes through. */
function isFixed(option: string, strip: Strip): boolean {
  return option === 'block' ? strip !== 'heads' : strip !== 'layers';
}

/**
 * The method with each value of one of its options.
 * @param given its other options, by name
 * @throws UsageError for a method that has no such option, and as `chooseMethods` for a value that it does not take
 */
export function chooseSweep(
  method: AnyMethod,
  { option, values }: Sweep,
  given: Readonly<Record<string, unknown>>,
  config: VisionTransformerConfig,
  wording?: Wording,
): readonly ChosenMethod[] {
  if (!has(method, option)) throw lacking(method, [option], wording);
  return values.map((value, i) => {
    const ofValue = wording && { ...wording, given: (name: string) => told(name, i) };
    return chooseMethods([method], { ...given, [option]: value }, config, ofValue)[0];
  });
  function told(name: string, i: number): string {
    return name === option ? described(values[i]) : wording!.given(name);
  }
}

/** An option, and the values that it is to take. */
export interface Sweep {
  readonly option: string;
  readonly values: readonly unknown[];
}

function has(method: AnyMethod, option: string): boolean {
  return Object.hasOwn(method.options(anySizes), option);
}

/** Which options there are depends on no size. */
const anySizes = { depth: 1, heads: 1, headWidth: 1, grid: [1, 1] } as const;

function lacking(method: AnyMethod, wanted: readonly string[], wording?: Wording): UsageError {
  const those = methods.filter((each) => wanted.some((option) => has(each, option))).map(({ name }) => name);
  const names = wanted.map((option) => wording?.named(option) ?? option).join(' or ');
  const others = those.length === 0 ? 'no method has' : `choose one that has: ${those.join(', ')}`;
  return new UsageError(`${method.name} has no option ${names} to go through; ${others}.`);
}
