import { Random } from '../../random.js';

/**
 * Divides pictures into those to learn from and those to measure on, class by class, so that each has its share of both.
 * @param share of each class that is measured on, rounded, but at least one picture, and never all of them
 */
export function split(
  labels: ArrayLike<number>,
  share: number,
  seed: number,
): { readonly train: number[]; readonly test: number[] } {
  const classes = new Map<number, number[]>();
  for (let index = 0; index < labels.length; index++) {
    const own = classes.get(labels[index]);
    if (own) own.push(index);
    else classes.set(labels[index], [index]);
  }
  const test = new Set<number>();
  for (const [label, indices] of classes) {
    const random = new Random(seed, label);
    const wanted = Math.min(indices.length - 1, Math.max(1, Math.round(share * indices.length)));
    for (let i = 0; i < wanted; i++) {
      const place = i + random.integer(indices.length - i);
      [indices[i], indices[place]] = [indices[place], indices[i]];
      test.add(indices[i]);
    }
  }
  const all = Array.from({ length: labels.length }, (_, index) => index);
  return { train: all.filter((index) => !test.has(index)), test: all.filter((index) => test.has(index)) };
}
