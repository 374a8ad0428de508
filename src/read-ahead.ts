/** How far reading is ahead of whoever uses what is read. */
export interface ReadAhead<Item, Read> {
  readonly read: (item: Item) => Promise<Read>;
  /** What an item takes of memory once it is read, in bytes. */
  readonly bytesOf: (item: Item) => number;
  /** So many bytes are asked for at once, more only for an item that has more. */
  readonly groupBytes: number;
  /** So many groups are on their way while one is used. */
  readonly groupsAhead: number;
}

/**
 * Reads items in groups, in their order, the next ones while one is used. There are never more groups in memory than that: each
 * is let go of when the next one is asked for.
 * @throws what the first item that cannot be read is rejected with
 */
export async function* readAhead<Item, Read>(
  items: readonly Item[],
  { read, bytesOf, groupBytes, groupsAhead }: ReadAhead<Item, Read>,
): AsyncGenerator<readonly (readonly [item: Item, read: Read])[]> {
  const groups = groupsOf(items, bytesOf, groupBytes);
  const reads: Promise<Read[]>[] = [];
  let next = 0;
  for (const group of groups) {
    while (next < groups.length && reads.length <= groupsAhead) {
      const reading = Promise.all(groups[next++].map(read));
      // Whoever awaits it hears of a failure; of several, the first in order is told.
      reading.catch(() => undefined);
      reads.push(reading);
    }
    const values = await reads.shift()!;
    yield group.map((item, position) => [item, values[position]] as const);
  }
}

function groupsOf<Item>(
  items: readonly Item[],
  bytesOf: (item: Item) => number,
  groupBytes: number,
): Item[][] {
  const groups: Item[][] = [];
  let room = 0;
  for (const item of items) {
    const bytes = bytesOf(item);
    if (groups.length === 0 || bytes > room) {
      groups.push([]);
      room = groupBytes;
    }
    groups[groups.length - 1].push(item);
    room -= bytes;
  }
  return groups;
}
