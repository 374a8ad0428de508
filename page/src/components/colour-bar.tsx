import { colormap } from 'vitrine';
import { fittingColormap, paintPicture } from '../draw/paint.js';
import { number, rangeOfMap } from '../draw/words.js';
import type { MapFacts } from '../protocol.js';
import { Canvas } from './canvas.js';

/** Which values the colours stand for. */
export function ColourBar({ map }: { readonly map: MapFacts }) {
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
        {diverging && ' against'}
      </span>
      {diverging && <span>0</span>}
      <span>
        {diverging && 'for '}
        {number(high)}
      </span>
    </div>
  );
}
