import { Canvas } from '../components/canvas.js';
import { paintGrid } from '../draw/paint.js';
import { number } from '../draw/words.js';

/** A vector as a strip of colours, a number each: red above 0, blue below. */
export function Strip({ title, values }: { readonly title: string; readonly values: Float32Array }) {
  return (
    <figure class="strip">
      <figcaption>
        {title}
        <span class="unseen">
          : {values.length} numbers from {number(Math.min(...values))} to {number(Math.max(...values))}
        </span>
      </figcaption>
      <Canvas
        paint={(canvas) => {
          paintGrid(canvas, values, [1, values.length], 'rdbu_r');
        }}
        of={[values]}
      />
    </figure>
  );
}
