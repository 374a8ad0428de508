import { rankCorrelation, type Likeness, type Needs } from '../../evaluate/index.js';
import { noisy, overlapping, shifted } from './altered.js';
import { baselines, type EvaluatedPicture, type ExplainedObject } from './evaluated.js';
import type { MapMaker } from './maps.js';

/** How alike a map is to something, by object and method. */
type LikenessOf = (object: number, name: string) => Likeness;

type Compare = (
  maker: MapMaker,
  picture: EvaluatedPicture,
  objects: readonly ExplainedObject[],
  signal: AbortSignal | undefined,
) => Promise<LikenessOf>;

/** What maps are compared with, by what a measure needs. */
export const comparisons: Readonly<Partial<Record<Needs, Compare>>> = {
  'other-class': async (maker, picture, objects, signal) => {
    const others = await ofOtherClasses(maker, picture, objects, signal);
    return (object, name) => ({ otherClass: alike(objects[object], others[object], name) });
  },

  noise: async (maker, picture, objects, signal) => {
    const ready = noisy(picture.ready, picture.seed);
    const again = await maker.maps({ ...picture, ready, objects: classesOf(objects) }, signal);
    return (object, name) => ({ noise: alike(objects[object], again[object], name) });
  },

  shift: async (maker, picture, objects, signal) => {
    const { grid } = maker.subject.model.geometry;
    const ready = shifted(picture.ready, grid);
    const again = await maker.maps({ ...picture, ready, objects: classesOf(objects) }, signal);
    return (object, name) => {
      const [before, after] = [objects[object], again[object]].map(({ maps }) => maps.get(name)!.values);
      return { shift: rankCorrelation(...overlapping(before, after, grid)) };
    };
  },

  methods: (_maker, _picture, objects) =>
    Promise.resolve((object, name) => {
      const { maps } = objects[object];
      const others = [...maps].filter(([other]) => other !== name && !Object.hasOwn(baselines, other));
      return { methods: others.map(([, { values }]) => rankCorrelation(maps.get(name)!.values, values)) };
    }),
};

/** Objects under the classes that they turned out to have. */
export function classesOf(objects: readonly ExplainedObject[]): EvaluatedPicture['objects'] {
  return objects.map(({ class: index }) => ({ class: index }));
}

export function alike(a: ExplainedObject, b: ExplainedObject, name: string): number | undefined {
  return rankCorrelation(a.maps.get(name)!.values, b.maps.get(name)!.values);
}

/** Of each object the maps of another class: another object's, or the most probable other one. */
async function ofOtherClasses(
  maker: MapMaker,
  picture: EvaluatedPicture,
  objects: readonly ExplainedObject[],
  signal: AbortSignal | undefined,
): Promise<readonly ExplainedObject[]> {
  if (objects.length > 1) return objects.map((_, object) => objects[(object + 1) % objects.length]);
  const other = await maker.otherClass(picture.ready, objects[0].class, signal);
  return maker.maps({ ...picture, objects: [{ class: other }] }, signal);
}
