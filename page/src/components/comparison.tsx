import { rangeOf, scaleToUnit } from 'vitrine';
import { spelled } from '../draw/words.js';
import type { MapFacts, PictureFacts } from '../protocol.js';
import { Stage } from './stage.js';

interface ComparisonProps {
  readonly first: MapFacts;
  readonly second: MapFacts;
  readonly picture: PictureFacts;
}

/** Two maps side by side, and where the first is hotter than the second: each scaled to its own range before they are compared. */
export function Comparison({ first, second, picture }: ComparisonProps) {
  const difference: MapFacts = {
    ...first,
    shows: 'signed',
    values: differenceOf(first, second),
    note: undefined,
  };
  return (
    <div class="stages three">
      <Stage id="first" map={first} picture={picture} title={spelled(first.method)} />
      <Stage id="second" map={second} picture={picture} title={spelled(second.method)} />
      <Stage
        id="difference"
        map={difference}
        picture={picture}
        title="The first minus the second"
        words={differenceInWords(difference)}
        ends={['second', 'first']}
      />
    </div>
  );
}

/** Each by the largest of its values: evidence from -1 to 1, weights from 0 to 1. */
function differenceOf(first: MapFacts, second: MapFacts): Float32Array {
  const [a, b] = [first, second].map(({ values, shows }) => {
    const [low, high] = rangeOf(values, shows === 'signed');
    return shows === 'signed'
      ? Array.from(values, (value) => value / (high || 1))
      : Array.from(scaleToUnit(values, [low, high], false));
  });
  return Float32Array.from(a, (value, i) => value - b[i]);
}

/** Where each of the two is the stronger one. */
function differenceInWords({ values, grid }: MapFacts): string {
  const place = (value: number): string => {
    const i = values.indexOf(value);
    return `row ${Math.floor(i / grid[1]) + 1}, column ${(i % grid[1]) + 1}`;
  };
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `Each by its own largest value, the first minus the second: furthest above it at ${place(high)}, furthest below at ${place(low)}.`;
}
