// Walks through the rows of several views of one shape, side by side: by addition, because a division for each axis of each
// row would cost more than a short row itself. What it keeps lies in a thread's scratch memory: the addresses of the views'
// rows, then the place along each axis.

import { Walk } from '../../src/backends/wasm/layout';
import { at, word } from './words';

/** Goes to a row. */
export function startWalk(walk: u32, state: u32, row: u32): void {
  const axes = word(walk, Walk.axes);
  const views = word(walk, Walk.views);
  for (let view: u32 = 0; view < views; view++) {
    store<u32>(state + (view << 2), word(walk, Walk.starts + view));
  }
  const indices = state + (views << 2);
  let record = at(walk, Walk.starts + views + axes * (1 + views));
  for (let axis = axes; axis-- > 0;) {
    record -= (1 + views) << 2;
    const extent = load<u32>(record);
    const index = row % extent;
    row /= extent;
    store<u32>(indices + (axis << 2), index);
    for (let view: u32 = 0; view < views; view++) {
      const position = state + (view << 2);
      store<u32>(position, load<u32>(position) + index * word(record, 1 + view));
    }
  }
}

/** Goes to the next row. */
export function nextRow(walk: u32, state: u32): void {
  const axes = word(walk, Walk.axes);
  const views = word(walk, Walk.views);
  const indices = state + (views << 2);
  let record = at(walk, Walk.starts + views + axes * (1 + views));
  for (let axis = axes; axis-- > 0;) {
    record -= (1 + views) << 2;
    const extent = load<u32>(record);
    const place = indices + (axis << 2);
    const index = load<u32>(place) + 1;
    const stays = index < extent;
    const steps = stays ? 1 : 1 - extent;
    store<u32>(place, stays ? index : 0);
    for (let view: u32 = 0; view < views; view++) {
      const position = state + (view << 2);
      store<u32>(position, load<u32>(position) + steps * word(record, 1 + view));
    }
    if (stays) return;
  }
}

/** Where the current row of a view begins. */
export function rowOf(state: u32, view: u32): u32 {
  return load<u32>(state + (view << 2));
}

/** Copies `count` floats that lie `step` bytes apart. */
export function gather(from: u32, step: u32, count: u32, to: u32): void {
  for (const end = to + (count << 2); to < end; to += 4, from += step) store<f32>(to, load<f32>(from));
}

/** The same floats side by side: where they lie, or copied. */
export function contiguous(from: u32, step: u32, count: u32, memory: u32): u32 {
  if (step === 4) return from;
  gather(from, step, count, memory);
  return memory;
}
