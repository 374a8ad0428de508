/**
 * Levenshtein distance: the fewest inserted, removed or replaced characters that turn `a` into `b`.
 *
 * @param limit a distance beyond it is reported as Infinity, which saves most of the work on a long list
 */
export function editDistance(a: string, b: string, limit = Infinity): number {
  if (Math.abs(a.length - b.length) > limit) return Infinity;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length] <= limit ? row[b.length] : Infinity;
}
