import { paintMap } from '../draw/paint.js';
import { mapInWords, percent } from '../draw/words.js';
import type { MapFacts, PictureFacts } from '../protocol.js';
import { useStore } from '../state/state.js';
import { Canvas } from './canvas.js';

/** The maps of a view side by side, each from its own smallest value to its own largest. */
export function ViewSheet({ map, picture }: { readonly map: MapFacts; readonly picture: PictureFacts }) {
  const opacity = useStore((state) => state.asked.opacity);
  const model = useStore((state) => state.model);
  const { captions = [], grid, values, readings } = map;
  const patches = grid[0] * grid[1];
  const { width, height } = picture.seen;
  const geometry = {
    original: { width, height },
    resized: { width, height },
    crop: { x: 0, y: 0, width, height },
  };
  return (
    <div class="view-sheet">
      {captions.map((caption, i) => {
        const one = { ...map, geometry, values: values.subarray(i * patches, (i + 1) * patches) };
        const likeliest = readings?.[i].at(0);
        return (
          <figure key={caption}>
            <Canvas
              paint={(canvas) => {
                paintMap(canvas, picture.seen, one, opacity);
              }}
              of={[picture, map, opacity]}
            />
            <figcaption>
              {caption}
              {likeliest && (
                <span>
                  {likeliest.label} {percent(likeliest.probability)}
                </span>
              )}
              <span class="unseen">{model && mapInWords(one, model)}</span>
            </figcaption>
          </figure>
        );
      })}
    </div>
  );
}
