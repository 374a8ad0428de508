import { seenArea } from 'vitrine';
import type { MapFacts } from '../protocol.js';

/** A rectangle as shares of what it is in. */
export interface Share {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export const whole: Share = { left: 0, top: 0, width: 1, height: 1 };

/** Where in the picture the model looked. */
export function shareOf({ geometry }: Pick<MapFacts, 'geometry'>): Share {
  const { left, top, right, bottom } = seenArea(geometry);
  const { width, height } = geometry.original;
  return {
    left: left / width,
    top: top / height,
    width: (right - left) / width,
    height: (bottom - top) / height,
  };
}

/** A patch's place in what is drawn, for the page's style. */
export function boxOf(
  [row, column]: readonly [number, number],
  [rows, columns]: readonly [number, number],
  { left, top, width, height }: Share = whole,
): Readonly<Record<string, string>> {
  const share = (value: number): string => `${100 * value}%`;
  return {
    left: share(left + (width * column) / columns),
    top: share(top + (height * row) / rows),
    width: share(width / columns),
    height: share(height / rows),
  };
}
