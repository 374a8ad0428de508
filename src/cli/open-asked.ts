import { asksForOne, openModel, openResolved, resolveModel, type OpenedModel } from '../node/index.js';
import type { ModelEntry } from '../models/index.js';
import { askedOf, checkSubstituted, type Asked, type ExplainOptions } from './explain-options.js';

/** A model that was opened, and what was made of the request before. */
export interface OpenedFor<Checked> {
  readonly opened: OpenedModel;
  readonly checked: Checked;
}

/**
 * Opens the model that was asked for. All is checked before the weights are looked for, if it is known then which model it is.
 * @param check what depends on the model
 */
export async function openAsked<Checked>(
  {
    model: name,
    weights,
    imageSize,
    labels,
  }: Pick<ExplainOptions, 'model' | 'weights' | 'imageSize' | 'labels'>,
  check: (asked: Asked) => Checked,
  before: (checked: Checked, model: Pick<ModelEntry, 'name' | 'config'>) => Promise<void>,
): Promise<OpenedFor<Checked>> {
  const asked = { name, weights, imageSize, labels };
  if (!asksForOne(asked)) {
    const opened = await openModel({});
    const checked = checkSubstituted(opened, check);
    await before(checked, { name: opened.name, config: opened.model.config });
    return { opened, checked };
  }
  const model = await resolveModel(asked);
  const checked = check(askedOf(model));
  await before(checked, model);
  return { opened: await openResolved(model), checked };
}
