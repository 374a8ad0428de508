import { paintMap } from '../draw/paint.js';
import { boxOf, shareOf } from '../draw/place.js';
import { mapInWords, number } from '../draw/words.js';
import type { MapFacts, PictureFacts } from '../protocol.js';
import { useStore } from '../state/state.js';
import { Canvas } from './canvas.js';
import { ColourBar } from './colour-bar.js';
import { patchMoves } from './patch-moves.js';

interface StageProps {
  readonly map: MapFacts;
  readonly picture: PictureFacts;
  /** Of its parts in the page. */
  readonly id: string;
  readonly title?: string | undefined;
  /** What it says, if not what a map of its method says. */
  readonly words?: string;
  readonly ends?: readonly [below: string, above: string];
}

/** A map over the picture. Pointer and arrow keys go from patch to patch. */
export function Stage({ map, picture, id, title, words, ends }: StageProps) {
  const patch = useStore((state) => state.patch);
  const opacity = useStore((state) => state.asked.opacity);
  const model = useStore((state) => state.model);
  const seen = shareOf(map);
  return (
    <figure class="stage">
      {title !== undefined && <figcaption>{title}</figcaption>}
      <div
        class="stage-picture"
        style={{ '--ratio': String(picture.width / picture.height) }}
        id={id}
        tabIndex={0}
        role="application"
        aria-roledescription="map of patches"
        aria-label={`${title ?? 'Map'} over the picture ${picture.name}. Arrow keys go from patch to patch.`}
        aria-describedby={`${id}-words`}
        {...patchMoves(map.grid, seen)}
      >
        <Canvas
          id={`${id}-canvas`}
          paint={(canvas) => {
            paintMap(canvas, picture.shown, map, opacity);
          }}
          of={[picture, map, opacity]}
        />
        {patch && <div class="patch" style={boxOf(patch, map.grid, seen)} />}
      </div>
      <ColourBar map={map} ends={ends} />
      <p class="readout" aria-live="polite">
        {patch
          ? `Row ${patch[0] + 1}, column ${patch[1] + 1}: ${number(map.values[patch[0] * map.grid[1] + patch[1]])}`
          : 'Point at a patch, or go there with the arrow keys.'}
      </p>
      <p id={`${id}-words`} class="words">
        {words ?? (model && mapInWords(map, model))}
      </p>
    </figure>
  );
}
