import { findModel, fullName, modelNames, parameterCount, type ModelEntry } from '../models/index.js';
import { isPlace, resolveModel, weightsOnDisk, type ResolvedModel } from '../node/index.js';
import { modelDetails } from './model-details.js';
import { documentOfModel } from './model-document.js';
import { modelList } from './model-list.js';
import { modelFromPerson } from './paths.js';

/** A model, and what is found out about it. */
export interface KnownModel {
  readonly entry: ResolvedModel;
  /** How many numbers it learned. */
  readonly parameters: number;
  /** Where its weights lie, if they are here. */
  readonly path: string | undefined;
}

/**
 * Prints all about the model of that name or at that place, else a list: of the models that have the text in their names with the tag, or,
 * without a text, of the default checkpoint of each architecture.
 * @throws UsageError if no name fits
 */
export async function tellModels(text: string | undefined, json: boolean): Promise<void> {
  const entries = modelNames().map(findModel);
  const one =
    (await placed(text)) ?? entries.find((entry) => entry.name === text || fullName(entry) === text);
  const chosen = one ? [one] : fitting(entries, text, json);
  if (text !== undefined && chosen.length === 0) findModel(text);
  const models = await Promise.all(chosen.map(known));
  if (json) for (const model of models) console.log(JSON.stringify(documentOfModel(model)));
  else console.log(one ? modelDetails(models[0], entries) : modelList(models, entries));
}

/** The model of a folder, a file or a repository of the hub. */
async function placed(text: string | undefined): Promise<ResolvedModel | undefined> {
  const name = text === undefined ? undefined : modelFromPerson(text);
  return name === undefined || !isPlace(name) ? undefined : resolveModel({ name });
}

/** A person is shown one checkpoint of each architecture, unless they ask for more; a program is given all. */
function fitting(
  entries: readonly ModelEntry[],
  text: string | undefined,
  all: boolean,
): readonly ModelEntry[] {
  if (text === undefined) return all ? entries : entries.filter(({ name }) => !name.includes('.'));
  const sought = text.trim().toLowerCase();
  return sought === '' ? [] : entries.filter((entry) => fullName(entry).toLowerCase().includes(sought));
}

async function known(entry: ResolvedModel): Promise<KnownModel> {
  const path = entry.file ?? (await weightsOnDisk(entry));
  return { entry, parameters: parameterCount(entry.config), path };
}
