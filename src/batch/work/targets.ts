import { parseTargets, type AskedClass } from '../../pipeline/index.js';

/**
 * What is explained of a picture whose class a list names.
 * @param labels of the model, by index
 * @throws UsageError if the model has no such class
 */
export function givenTargets(
  given: string | undefined,
  labels: readonly string[],
): readonly AskedClass[] | undefined {
  if (given === undefined) return undefined;
  const [first] = parseTargets(given, labels);
  return [first];
}
