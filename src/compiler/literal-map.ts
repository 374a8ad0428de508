/** What belongs to a number, made when it is first asked for. Unlike in a plain map, -0 is not 0: their quotients differ. */
export class LiteralMap<T> {
  private readonly known = new Map<number | string, T>();

  of(value: number, make: (value: number) => T): T {
    const key = Object.is(value, -0) ? '-0' : value;
    const found = this.known.get(key) ?? make(value);
    this.known.set(key, found);
    return found;
  }
}
