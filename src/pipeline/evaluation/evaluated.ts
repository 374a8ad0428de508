import { centreGaussianBaseline, randomBaseline, uniformBaseline } from '../../evaluate/index.js';
import type { Score } from '../../explain/index.js';
import type { Geometry, Mask, PatchMap } from '../../image/index.js';
import type { ChosenMethod } from '../chosen-methods.js';
import type { ReadyPicture } from '../explainer.js';

/** A method of a table, with what of a class it explains. */
export interface EvaluatedMethod {
  /** What the table calls it. */
  readonly name: string;
  readonly chosen: ChosenMethod;
  readonly score: Score;
}

/** A picture, ready, with what is known of it. */
export interface EvaluatedPicture {
  readonly ready: ReadyPicture;
  readonly objects: readonly EvaluatedObject[];
  /** Chooses its random map and noise: its place in the data set. */
  readonly seed: number;
}

export interface EvaluatedObject {
  /** Undefined: the most probable one. */
  readonly class: number | undefined;
  /** As the model saw it, for each form of the picture; undefined if there is no mask. */
  readonly masks?: readonly Mask[] | undefined;
}

/** What is found of one map: measures by name, those alone that have a meaning. */
export interface EvaluatedMap {
  readonly object: number;
  readonly class: number;
  readonly method: string;
  readonly values: Readonly<Record<string, number>>;
}

/** A map of an object, and where it lies; undefined for one that knows no picture. */
export interface PlacedMap extends PatchMap {
  readonly geometry: Geometry | undefined;
}

/** An object's maps, by the names of their methods. */
export interface ExplainedObject {
  readonly class: number;
  readonly maps: ReadonlyMap<string, PlacedMap>;
}

/** Maps that know nothing of the model, by their names. */
export const baselines: Readonly<Record<string, (grid: PatchMap['grid'], seed: number) => PatchMap>> = {
  uniform: (grid) => uniformBaseline(grid),
  centre: (grid) => centreGaussianBaseline(grid),
  random: randomBaseline,
};

/** The baselines of an object, in their order. */
export function baselinesOf(grid: PatchMap['grid'], seed: number): readonly (readonly [string, PlacedMap])[] {
  return Object.entries(baselines).map(([name, make]) => [
    name,
    { ...make(grid, seed), geometry: undefined },
  ]);
}

/** The form of a picture that a map lies in; what knows no picture lies in the first. */
export function formOf({ geometry }: PlacedMap, ready: ReadyPicture): number {
  return geometry === undefined ? 0 : ready.findIndex((form) => form.geometry === geometry);
}
