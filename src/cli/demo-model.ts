import { demoModel, outputCount } from '../models/index.js';
import type { Fallback } from '../node/index.js';

/** What a person must know who asked for no model and got this one; for the middle of a sentence. */
export function inWords({ why }: Fallback): string {
  return `the demo model that ships with vitrine, which knows ${outputCount(demoModel.config)} classes of drawn objects, because ${why}`;
}

/** The same below a picture, where there is little room. */
export const demoCaption =
  'By the demo model that ships with vitrine, because DeiT-tiny could not be had; see the JSON file.';
