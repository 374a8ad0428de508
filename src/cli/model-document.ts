import {
  forbidsCommerce,
  fullName,
  outputCount,
  unknownLicence,
  type CompleteConfig,
  type OutputKind,
} from '../models/index.js';
import { completed } from '../models/vision-transformer-config.js';
import type { Preprocessing } from '../image/index.js';
import type { KnownModel } from './models.js';

/** What `vitrine models --json` prints of a model. */
export interface ModelDocument {
  readonly model: string;
  /** With the tag. */
  readonly checkpoint: string;
  readonly parameters: number;
  readonly output: OutputKind;
  /** How many numbers it gives. */
  readonly outputs: number;
  /** Whether its classes have names. */
  readonly labelled: boolean;
  readonly licence: string;
  /** Whether it allows commercial use; null if nobody told the licence. */
  readonly commercial: boolean | null;
  /** On the Hugging Face hub; null if the model ships with vitrine, or is a person's own. */
  readonly repository: string | null;
  /** Where its weights lie; null if they would have to be downloaded. */
  readonly file: string | null;
  readonly config: CompleteConfig;
  readonly preprocessing: Preprocessing;
}

export function documentOfModel({ entry, parameters, path }: KnownModel): ModelDocument {
  const { name, config, output, labels, licence, hub, preprocessing } = entry;
  return {
    model: name,
    checkpoint: fullName(entry),
    parameters,
    output,
    outputs: outputCount(config),
    labelled: labels !== undefined,
    licence,
    commercial: licence === unknownLicence ? null : !forbidsCommerce(licence),
    repository: hub?.repo ?? null,
    file: path ?? null,
    config: completed(config),
    preprocessing,
  };
}
