import type { StandIn } from '../explain/index.js';
import { mostProbable, shortLabel, type Prediction } from '../models/index.js';
import type { Values } from '../tensor/index.js';
import type { ToldMap } from './experiments/found-map.js';

/** A picture explained once more, without some parts of the model or of itself. */
export interface AblatedPicture {
  /** What was taken out, as it was spelled. */
  readonly names: readonly string[];
  readonly by: StandIn;
  readonly logits: Values;
  /** In the order of those before. */
  readonly maps: readonly ToldMap[];
}

/** What a document tells of that. */
export interface AblationDocument {
  readonly parts: readonly string[];
  /** What stands in for them: zeros, or their mean over the tokens. */
  readonly by: StandIn;
  /** The five most probable classes without them; none of a model without classes. */
  readonly predictions: readonly Prediction[];
  /** Of every class that is explained, or among the five before or after. */
  readonly logits: readonly LogitChange[];
}

export interface LogitChange {
  readonly index: number;
  readonly label: string;
  readonly before: number;
  readonly after: number;
  /** After minus before. */
  readonly difference: number;
}

/** A map without what was taken out, and what that changed: after minus before. */
export interface AblatedMap {
  readonly values: readonly number[];
  readonly difference: readonly number[];
}

/** @param count of the most probable classes that are told of */
export function ablationDocumentOf(
  before: { readonly logits: Values; readonly maps: readonly ToldMap[] },
  { names, by, logits }: AblatedPicture,
  labels: readonly string[],
  count: number,
): AblationDocument {
  const predictions = labels.length === 0 ? [] : mostProbable(logits, labels, count);
  const first = labels.length === 0 ? [] : mostProbable(before.logits, labels, count);
  const explained = before.maps.flatMap(({ target }) =>
    target?.kind === 'class'
      ? [target.index]
      : target?.kind === 'contrast'
        ? [target.index, target.against]
        : [],
  );
  const told = [...new Set([...explained, ...[...first, ...predictions].map(({ index }) => index)])];
  return {
    parts: names,
    by,
    predictions,
    logits: told.map((index) => ({
      index,
      label: shortLabel(labels[index]),
      before: before.logits[index],
      after: logits[index],
      difference: logits[index] - before.logits[index],
    })),
  };
}

export function ablatedMapOf({ values }: ToldMap, after: ToldMap): AblatedMap {
  return { values: Array.from(after.values), difference: differenceOf(values, after.values) };
}

/** What has changed, place by place: after minus before. */
export function differenceOf(before: ArrayLike<number>, after: ArrayLike<number>): number[] {
  return Array.from(before, (value, i) => after[i] - value);
}
