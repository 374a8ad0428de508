import type { Checkpoint } from './checkpoint/checkpoint.js';
import { describeModel, type ConfigurationFiles } from './configuration/describe.js';
import { describeOwn } from './configuration/own.js';
import { modelOfCheckpoint } from './of-checkpoint.js';
import { architectureArguments } from './registry/architectures.js';
import { unknownLicence } from './registry/licences.js';
import type { ModelEntry } from './registry/model-entry.js';
import type { Extent } from './vision-transformer-config.js';

/** A model that no list has, known by its files. */
export interface UnlistedModel extends ModelEntry {
  /** Of the pictures that it was trained with, if it is known. */
  readonly trainedSize?: Extent | undefined;
  /** What was concluded about it: phrases for people. */
  readonly concluded: readonly string[];
}

/**
 * The model that a folder's configuration tells of.
 * @param name what it is called
 * @throws UsageError if it is not supported
 */
export function modelOfConfiguration(files: ConfigurationFiles, name: string): UnlistedModel {
  const described = describeModel(files, architectureArguments);
  return { name, ...described, licence: unknownLicence, concluded: [] };
}

/**
 * The model of a file that says itself what it is of, as those that were trained here do; undefined if it does not.
 * @throws WeightsError if it says what cannot be
 */
export function ownModel(checkpoint: Pick<Checkpoint, 'metadata'>, file: string): UnlistedModel | undefined {
  const own = describeOwn(checkpoint.metadata, file);
  return own && { ...own, licence: unknownLicence, concluded: [] };
}

/**
 * The model of a checkpoint that comes alone: what it says of itself, else what is concluded from its tensors.
 * @param name what it is called if it does not say
 * @param file where it is, for messages
 * @throws UsageError if it is not recognised; WeightsError if it says of itself what cannot be
 */
export function recogniseModel(checkpoint: Checkpoint, name: string, file: string): UnlistedModel {
  return ownModel(checkpoint, file) ?? modelOfCheckpoint(checkpoint, name, file);
}
