import type { Random } from '../../random.js';

/** The same items in any order, each as likely as another. Source: Fisher and Yates. */
export function shuffled<Item>(items: Iterable<Item>, random: Random): Item[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const place = random.integer(i + 1);
    [result[i], result[place]] = [result[place], result[i]];
  }
  return result;
}
