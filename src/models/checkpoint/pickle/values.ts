/**
 * What a pickle is made of: numbers, strings, booleans and null are themselves, bytes are a `Uint8Array`, and lists, tuples
 * and sets are arrays.
 */
export type PickleValue = unknown;

/** A Python dict, or one of its relatives. A `Map`: keys are whatever a stranger wrote. */
export class Dict {
  readonly items = new Map<PickleValue, PickleValue>();
}

/** An object that holds no tensor that anybody needs, such as the arguments of a training. What it holds is forgotten. */
export class Inert {
  constructor(readonly type: string) {}
}

/** What an allowed name makes of arguments when the pickle calls it. None of it is code of the pickle's. */
export type Constructor = (args: readonly PickleValue[]) => PickleValue;

/** A name that a pickle may speak of, as a class of Python's. */
export class Name {
  constructor(
    /** Module and name, with a dot between. */
    readonly path: string,
    /** Undefined: the name may be mentioned, but not called. */
    readonly make: Constructor | undefined,
  ) {}
}

/** A value in a few words, for messages. */
export function inWords(value: PickleValue): string {
  if (value === null) return 'None';
  if (value instanceof Dict) return `a dict of ${value.items.size}`;
  if (value instanceof Inert || value instanceof Name) return describePath(value);
  if (Array.isArray(value)) return `a list or tuple of ${value.length}`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value === 'object') return 'a tensor';
  const text = JSON.stringify(typeof value === 'bigint' ? Number(value) : value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function describePath(value: Inert | Name): string {
  return value instanceof Inert ? `an object of class ${value.type}` : `the name ${value.path}`;
}
