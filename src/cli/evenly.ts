/** At most so many of `count` numbers from 0 on, spread evenly. */
export function evenly(count: number, most: number): readonly number[] {
  const some = Math.min(count, most);
  return Array.from({ length: some }, (_, i) => Math.floor((i * count) / some));
}
