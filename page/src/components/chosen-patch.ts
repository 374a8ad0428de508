import type { ModelFacts } from '../protocol.js';
import { useStore } from '../state/state.js';
import { middleOf } from './arrow-keys.js';

/** The patch that is looked at; the one in the middle if a person has pointed at none. */
export function useChosenPatch({ grid }: Pick<ModelFacts, 'grid'>): readonly [row: number, column: number] {
  return useStore((state) => state.patch) ?? middleOf(grid);
}
