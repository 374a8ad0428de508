import { UsageError } from '../errors.js';
import { described } from '../given.js';
import type { AnyMethod } from './method.js';
import * as all from './methods.js';

/** Every method, by name. */
export const methods: readonly AnyMethod[] = Object.values<AnyMethod>(all).sort((a, b) =>
  a.name < b.name ? -1 : 1,
);

/** What is taken where none is named. */
export const defaultMethod: AnyMethod = all.rollout;

/** @throws UsageError that lists the names there are */
export function findMethod(name: string): AnyMethod {
  const found = methods.find((method) => method.name === name);
  if (!found) {
    const known = methods.map((method) => method.name).join(', ');
    throw new UsageError(`There is no method ${described(name)}; choose one of: ${known}.`);
  }
  return found;
}
