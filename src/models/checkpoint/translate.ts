import { WeightsError } from '../../errors.js';
import { formatShape } from '../../tensor/index.js';
import type { Dialect, Rule } from './dialects/dialect.js';
import { fill, matcher, type Places } from './dialects/pattern.js';
import { same, type Transform } from './dialects/transforms.js';
import type { CheckpointTensor } from './tensor-file.js';

export interface DroppedTensor {
  /** In the file. */
  readonly name: string;
  /** What it is, for people. */
  readonly what: string;
}

/** Tensors under timm's names. */
export interface Translation {
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  readonly dropped: readonly DroppedTensor[];
}

type Tensors = ReadonlyMap<string, CheckpointTensor>;

/**
 * Says in timm's names what is said in a dialect's.
 * @param tensors by their names without prefix
 * @throws WeightsError if a rule lacks a part, or has one of an impossible shape, or two tensors get the same name
 */
export function translate(source: string, { rules, drops }: Dialect, tensors: Tensors): Translation {
  const fail = (what: string): never => {
    throw new WeightsError(`"${source}" ${what}; use another checkpoint.`);
  };
  const [dropMatchers, ruleMatchers] = [drops.map(({ names }) => matcher(names)), rules.map(matchersOf)];
  const dropped: DroppedTensor[] = [];
  const result = new Map<string, CheckpointTensor>();
  /** What each tensor of the result is made of. */
  const makers = new Map<string, string>();
  const add = (to: string, maker: string, make: () => CheckpointTensor): void => {
    const before = makers.get(to);
    // Each part of a joined tensor leads to it.
    if (before === maker) return;
    if (before !== undefined) fail(`holds both ${before} and ${maker}, and both are ${JSON.stringify(to)}`);
    makers.set(to, maker);
    result.set(to, make());
  };
  for (const [name, tensor] of tensors) {
    const drop = drops.find((_, i) => dropMatchers[i](name) !== undefined);
    if (drop) {
      dropped.push({ name, what: drop.what });
      continue;
    }
    const found = rules.flatMap((rule, i): [Rule, Places][] => {
      const places = ruleMatchers[i](name);
      return places ? [[rule, places]] : [];
    });
    for (const [rule, places] of found) {
      const names = rule.from.map((pattern) => fill(pattern, places));
      const to = fill(rule.to, places);
      const maker = names.map((part) => JSON.stringify(part)).join(', ');
      add(to, maker, () => apply(rule.transform, names, to, tensors, fail));
    }
    if (found.length === 0) add(name, JSON.stringify(name), () => tensor);
  }
  return { tensors: result, dropped };
}

function matchersOf({ from }: Rule): (name: string) => Places | undefined {
  const matchers = from.map(matcher);
  return (name) => {
    for (const match of matchers) {
      const places = match(name);
      if (places) return places;
    }
    return undefined;
  };
}

function apply(
  transform: Transform,
  names: readonly string[],
  to: string,
  tensors: Tensors,
  fail: (what: string) => never,
): CheckpointTensor {
  const missing = names.filter((name) => !tensors.has(name));
  if (missing.length > 0) {
    const there = names.filter((name) => tensors.has(name));
    fail(`holds ${quoted(there)}, but lacks ${quoted(missing)}, without which it is nothing`);
  }
  const parts = names.map((name) => tensors.get(name)!);
  if (transform === same) return parts[0];
  const shape = transform.shape(parts.map((part) => part.shape));
  if (!shape) {
    const shapes = parts.map((part, i) => `${JSON.stringify(names[i])} ${formatShape(part.shape)}`);
    return fail(`holds ${shapes.join(', ')}, of which no ${JSON.stringify(to)} can be made`);
  }
  return {
    dtype: parts[0].dtype,
    shape,
    read: async () => {
      const values = await Promise.all(parts.map((part) => part.read()));
      return transform.values(parts.map((part, i) => ({ shape: part.shape, values: values[i] })));
    },
  };
}

function quoted(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join(' and ');
}
