import { editDistance } from './edit-distance.js';

/** How many names a message suggests at most. */
const SUGGESTED = 3;

/** Names that hold the text, the shortest first; else those of which at most a third of the text's letters are different. */
export function nearest(text: string, names: readonly string[]): readonly string[] {
  const sought = text.trim().toLowerCase();
  if (sought === '') return [];
  const holding = names.filter((name) => name.includes(sought));
  if (holding.length > 0) {
    return [...holding].sort((a, b) => a.length - b.length).slice(0, SUGGESTED);
  }
  const limit = Math.max(1, Math.floor(sought.length / 3));
  return names
    .map((name) => ({ name, distance: editDistance(sought, name, limit) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, SUGGESTED)
    .map(({ name }) => name);
}
