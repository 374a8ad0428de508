import * as is from 'valibot';
import { UsageError, WeightsError } from '../../errors.js';
import { expectGiven, expectNoOther } from '../../given.js';
import { checkPreprocessing, scenesPreprocessing } from '../../image/preprocess.js';
import { parseJson } from '../../json.js';
import { sceneLabels } from '../registry/scene-labels.js';
import { completed, configurationParts } from '../vision-transformer-config.js';
import type { ModelDescription } from './description.js';

/*
 * What a model that was trained here says of itself, in its file's metadata: all that it takes to use it, whatever its sizes.
 */

/** A model and what it is called. */
export interface OwnDescription extends Omit<ModelDescription, 'trainedSize' | 'output'> {
  readonly name: string;
}

/** The entry of the metadata. */
const entry = 'vitrine';

/** The metadata of a model's file, beside what else is to stand in it. */
export function ownMetadata({ name, config, preprocessing, labels }: OwnDescription): Record<string, string> {
  return { [entry]: JSON.stringify({ name, model: config, preprocessing, labels }) };
}

const schema = is.strictObject({
  name: is.string(),
  model: is.record(is.string(), is.unknown()),
  preprocessing: is.record(is.string(), is.unknown()),
  labels: is.optional(is.array(is.string())),
});

/** What trainings on scenes wrote before files said it all. */
const older = is.object({
  name: is.string(),
  data: is.object({ set: is.literal('scenes') }),
  model: is.strictObject({
    ...{ imageSize: is.number(), patchSize: is.number(), width: is.number() },
    ...{ depth: is.number(), heads: is.number(), hidden: is.number() },
  }),
});

/**
 * What a file says of its model in its metadata.
 * @param source the file, for messages
 * @returns undefined if it says nothing
 * @throws WeightsError if it says what cannot be
 */
export function describeOwn(
  metadata: Readonly<Record<string, string>>,
  source: string,
): (ModelDescription & Pick<OwnDescription, 'name'>) | undefined {
  const own = metadata[entry] as string | undefined;
  const found = own === undefined ? ofScenes(metadata) : parsed(own, source);
  if (!found) return undefined;
  const { config } = found;
  return { ...found, trainedSize: config.imageSize, output: config.classes > 0 ? 'classes' : 'features' };
}

function parsed(text: string, source: string): OwnDescription {
  const fail = (why: string, cause?: unknown): never => {
    throw new WeightsError(`"${source}" says of itself what cannot be: ${why}`, { cause });
  };
  const json = parseJson(text);
  if ('complaint' in json) return fail(`${json.complaint}.`);
  const result = is.safeParse(schema, json.value);
  if (!result.success) return fail(`"${is.getDotPath(result.issues[0]) ?? entry}" is missing, or not known.`);
  const { name, model, preprocessing, labels } = result.output;
  try {
    return checked({ name, config: model, preprocessing, labels } as unknown as OwnDescription);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return fail(error.message, error);
  }
}

/** @throws UsageError for the first part that makes no sense */
function checked(description: OwnDescription): OwnDescription {
  const { config, preprocessing, labels } = description;
  expectNoOther('The configuration of a model', config, configurationParts);
  completed(config);
  checkPreprocessing('A model', preprocessing);
  if (labels) {
    expectGiven('The number of names of classes', labels.length, {
      words: `one for each of ${config.classes} classes`,
      fits: (count): count is number => count === config.classes,
    });
  }
  return description;
}

function ofScenes({ config: text = '' }: Readonly<Record<string, string>>): OwnDescription | undefined {
  const json = parseJson(text);
  const result = is.safeParse(older, 'value' in json ? json.value : undefined);
  if (!result.success) return undefined;
  const { name, model } = result.output;
  return {
    name,
    config: { ...model, channels: 3, classes: sceneLabels.length, layerNormEpsilon: 1e-6 },
    preprocessing: scenesPreprocessing(model.imageSize),
    labels: sceneLabels,
  };
}
