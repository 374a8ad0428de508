import { UsageError } from '../errors.js';

/**
 * @param where it is so, if not everywhere: "of a class"
 * @throws UsageError that lists the names there are
 */
export function oneOf<Name extends string>(
  option: string,
  given: string,
  known: readonly Name[],
  where?: string,
): Name {
  const found = known.find((name) => name === given);
  if (found !== undefined) return found;
  const there = where === undefined ? '' : `${where} `;
  throw new UsageError(`${option} does not know "${given}"; ${there}choose one of: ${known.join(', ')}.`);
}
