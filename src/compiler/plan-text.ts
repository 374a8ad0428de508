import { Storage } from '../tensor/index.js';
import { numberText } from './graph-text.js';
import type { Plan, PlanBuffer } from './plan.js';

/** A constant as text: its place among those of the graph, or the one number that a formula has. */
type ConstantText = { readonly place: number } | { readonly literal: string };

/** A buffer as text. */
interface BufferText {
  readonly size: number;
  readonly filledBy?: { readonly input: string } | { readonly constant: ConstantText };
}

/**
 * A plan as text.
 * @param constants of its graph
 * @returns undefined if a step has a number that JSON does not know
 */
export function planText(plan: Plan, constants: readonly Storage[]): string | undefined {
  const places = new Map(constants.map((storage, place) => [storage, place]));
  const buffers = plan.buffers.map((buffer): BufferText => {
    const { size, filledBy } = buffer;
    if (filledBy === undefined) return { size };
    if ('input' in filledBy) return { size, filledBy };
    const place = places.get(filledBy.constant);
    const constant = place === undefined ? { literal: numberText(filledBy.constant.values![0]) } : { place };
    return { size, filledBy: { constant } };
  });
  const unknown = { met: false };
  const text = JSON.stringify({ ...plan, buffers }, (_, value: unknown) => {
    unknown.met ||= typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0));
    return value;
  });
  return unknown.met ? undefined : text;
}

/** The plan that a text is of, of a graph that differs in its constants alone. */
export function planIn(text: string, constants: readonly Storage[]): Plan {
  const plan = JSON.parse(text) as Omit<Plan, 'buffers'> & { readonly buffers: readonly BufferText[] };
  const buffers = plan.buffers.map(({ size, filledBy }): PlanBuffer => {
    if (filledBy === undefined) return { size };
    if ('input' in filledBy) return { size, filledBy };
    const { constant } = filledBy;
    const storage =
      'place' in constant
        ? constants[constant.place]
        : new Storage(1, Float64Array.of(Number(constant.literal)));
    return { size, filledBy: { constant: storage } };
  });
  return { ...plan, buffers };
}
