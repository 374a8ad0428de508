import { colormap } from 'vitrine';
import { fittingColormap, paintPicture } from '../draw/paint.js';
import { number, rangeOfMap } from '../draw/words.js';
import type { MapFacts } from '../protocol.js';
import { Canvas } from './canvas.js';

interface ColourBarProps {
  readonly map: MapFacts;
  /** What the two ends of a signed map mean. */
  readonly ends?: readonly [below: string, above: string] | undefined;
}

/** Which values the colours stand for. */
export function ColourBar({ map, ends: [below, above] = ['against', 'for'] }: ColourBarProps) {
  const name = fittingColormap(map.shows);
  const { table, diverging } = colormap(name);
  const [low, high] = rangeOfMap(map);
  return (
    <div class="colour-bar">
      <Canvas
        paint={(canvas) => {
          paintPicture(canvas, { width: 256, height: 1, data: table });
        }}
        of={[name]}
      />
      <span>
        {number(low)}
        {diverging && ` ${below}`}
      </span>
      {diverging && <span>0</span>}
      <span>
        {diverging && `${above} `}
        {number(high)}
      </span>
    </div>
  );
}
