import type { View } from '../../compiler/view.js';
import { Phase, Walk, type Kernel } from './layout.js';

/** The words of a phase by where they stand; a list of them stands from there on. */
export type Fields = Readonly<Record<number, number | readonly number[]>>;

/** The words of a phase. */
export function phaseWords(kernel: Kernel, tasks: number, step: number, fields: Fields): number[] {
  const words = [kernel, tasks, step, 0];
  for (const [position, value] of Object.entries(fields)) {
    const list = typeof value === 'number' ? [value] : value;
    list.forEach((word, i) => {
      words[Number(position) + i] = word;
    });
  }
  words[Phase.words] = words.length;
  return words;
}

/** A number as a float's word. */
export function floatBits(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0];
}

/** A view whose buffer lies at an address. */
export interface Placed extends Pick<View, 'shape' | 'strides'> {
  /** Of its first element. */
  readonly address: number;
}

/** The words of a walk through the leading axes of views of one shape. */
export function walkWords(views: readonly Placed[], axes: number): number[] {
  const words: number[] = [];
  words[Walk.axes] = axes;
  words[Walk.views] = views.length;
  words.push(...views.map(({ address }) => address));
  for (let axis = 0; axis < axes; axis++) {
    words.push(views[0].shape[axis], ...views.map(({ strides }) => 4 * strides[axis]));
  }
  return words;
}

/** So many pieces of at most that size. */
export function pieces(size: number, most: number): number {
  return Math.ceil(size / most);
}
