import type { Evidence, Likeness, Located } from '../../evaluate/index.js';
import { saliencyIn } from '../../evaluate/saliency.js';
import { formOf, type EvaluatedPicture, type ExplainedObject, type PlacedMap } from './evaluated.js';

/** What is found out about the maps of a picture, piece by piece. */
export class PictureEvidence {
  readonly #pieces: ReadonlyMap<string, Evidence>[];

  constructor(readonly objects: readonly ExplainedObject[]) {
    this.#pieces = objects.map(({ maps }) => new Map([...maps].map(([name, map]) => [name, { map }])));
  }

  /** Every map. */
  *each(): Generator<[object: number, name: string, map: PlacedMap]> {
    for (const [object, { maps }] of this.objects.entries()) {
      for (const [name, map] of maps) yield [object, name, map];
    }
  }

  add(object: number, name: string, piece: Omit<Evidence, 'map' | 'likeness'>): void {
    Object.assign(this.of(object, name), piece);
  }

  addLikeness(of: (object: number, name: string) => Likeness): void {
    for (const [object, name] of this.each()) {
      const known = this.of(object, name);
      Object.assign(known, { likeness: { ...known.likeness, ...of(object, name) } });
    }
  }

  of(object: number, name: string): Evidence {
    return this.#pieces[object].get(name)!;
  }
}

/**
 * A map beside the masks of its picture; undefined where its object has none.
 * @param room as of `saliencyIn`
 */
export function locate(
  map: PlacedMap,
  object: number,
  { ready, objects }: EvaluatedPicture,
  room: Float64Array | undefined,
): Located | undefined {
  const form = formOf(map, ready);
  const mask = objects[object].masks?.[form];
  if (!mask) return undefined;
  const others = objects.flatMap(({ masks }, other) => (other === object || !masks ? [] : [masks[form]]));
  return { saliency: saliencyIn(map, mask, room), object: mask, others };
}
