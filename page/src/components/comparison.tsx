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
    method: `${spelled(first.method)} minus ${second.method}`,
    shows: 'signed',
    values: differenceOf(first, second),
    note: undefined,
  };
  return (
    <div class="stages three">
      <Stage id="first" map={first} picture={picture} title={spelled(first.method)} />
      <Stage id="second" map={second} picture={picture} title={spelled(second.method)} />
      <Stage id="difference" map={difference} picture={picture} title="The first minus the second" />
    </div>
  );
}

function differenceOf(first: MapFacts, second: MapFacts): Float32Array {
  const [a, b] = [first, second].map(({ values, shows }) =>
    scaleToUnit(values, rangeOf(values, shows === 'signed'), shows === 'signed'),
  );
  return Float32Array.from(a, (value, i) => value - b[i]);
}
