import type { Share } from '../draw/place.js';
import { store } from '../state/state.js';
import { middleOf, steps, within } from './arrow-keys.js';

/** What makes the patch under the pointer, or the next one by the arrow keys, the one that is looked at. */
export function patchMoves([rows, columns]: readonly [number, number], seen: Share) {
  const point = (event: PointerEvent): void => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const across = ((event.clientX - box.left) / box.width - seen.left) / seen.width;
    const down = ((event.clientY - box.top) / box.height - seen.top) / seen.height;
    if (across < 0 || across >= 1 || down < 0 || down >= 1) return;
    choose([Math.floor(down * rows), Math.floor(across * columns)]);
  };
  return {
    onPointerMove: point,
    onPointerDown: point,
    onKeyDown: (event: KeyboardEvent): void => {
      if (event.key === 'Escape') choose(undefined);
      if (!(event.key in steps)) return;
      event.preventDefault();
      const { patch } = store.now;
      const [row, column] = patch ?? middleOf([rows, columns]);
      const [down, across] = patch ? steps[event.key] : [0, 0];
      choose([within(row + down, rows), within(column + across, columns)]);
    },
  };
}

function choose(patch: readonly [number, number] | undefined): void {
  const [row, column] = patch ?? [];
  const [before, beside] = store.now.patch ?? [];
  if (row !== before || column !== beside) store.set({ patch });
}
