import type { Evidence, Likeness, Located, Saliency } from '../../evaluate/index.js';
import { saliencyIn, type SaliencyRoom } from '../../evaluate/saliency.js';
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
 * Puts maps beside the masks of their picture; undefined where an object has none. At the resolution of pixels they are in the same
 * memory one after the other, since all of them would be many megabytes: what it gave last is no more when it is asked for another.
 * @param room of the maps of all pictures
 */
export function locatorOf(
  { ready, objects }: EvaluatedPicture,
  room: SaliencyRoom,
): (map: PlacedMap, object: number) => Located | undefined {
  let last: { readonly map: PlacedMap; readonly saliency: Saliency } | undefined;
  return (map, object) => {
    const form = formOf(map, ready);
    const mask = objects[object].masks?.[form];
    if (!mask) return undefined;
    // Masks of one form are all of the size that the model saw.
    if (last?.map !== map) last = { map, saliency: saliencyIn(map, mask, room) };
    const others = objects.flatMap(({ masks }, other) => (other === object || !masks ? [] : [masks[form]]));
    return { saliency: last.saliency, object: mask, others };
  };
}
