import * as is from 'valibot';
import { parseJson } from '../../json.js';

/** As a training divides what is not divided, if nothing else is said. */
const usual = { testShare: 0.2, seed: 1 };

/** What a training writes into its model's file, as far as it decides how a set is divided. */
const training = is.object({
  seed: is.number(),
  data: is.object({ testShare: is.number() }),
});

/**
 * How a set is divided that is not: as the training divided that made the model, so that nothing it learned from is measured on.
 * @param metadata of the model's file
 */
export function divisionOf({ config }: { readonly config?: string }): typeof usual {
  const json = config === undefined ? undefined : parseJson(config);
  if (!json || 'complaint' in json) return usual;
  const found = is.safeParse(training, json.value);
  return found.success ? { seed: found.output.seed, testShare: found.output.data.testShare } : usual;
}
