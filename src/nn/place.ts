/** Where a module or parameter was seen last: in whom, and under which name. */
interface Place {
  readonly holder: object;
  readonly name: string;
}

const places = new WeakMap<object, Place>();

/** Remembers that `holder`, which is being applied, has `member` under a name. */
export function notePlace(member: object, holder: object, name: string): void {
  places.set(member, { holder, name });
}

/** The name in the outermost module that was applied, such as `blocks.0.attn.qkv.weight`, or undefined if none was. */
export function placeName(member: object): string | undefined {
  const names: string[] = [];
  const seen = new Set<object>();
  for (let place = places.get(member); place && !seen.has(place.holder); place = places.get(place.holder)) {
    names.unshift(place.name);
    seen.add(place.holder);
  }
  return names.length === 0 ? undefined : names.join('.');
}
