import { seenArea } from 'vitrine';
import { paintMap } from '../draw/paint.js';
import { mapInWords, number } from '../draw/words.js';
import type { MapFacts, PictureFacts } from '../protocol.js';
import { store, useStore } from '../state/state.js';
import { Canvas } from './canvas.js';
import { ColourBar } from './colour-bar.js';

interface StageProps {
  readonly map: MapFacts;
  readonly picture: PictureFacts;
  /** Of its parts in the page. */
  readonly id: string;
  readonly title?: string | undefined;
}

const steps: Readonly<Record<string, readonly [down: number, across: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** A map over the picture. Pointer and arrow keys go from patch to patch. */
export function Stage({ map, picture, id, title }: StageProps) {
  const patch = useStore((state) => state.patch);
  const opacity = useStore((state) => state.asked.opacity);
  const model = useStore((state) => state.model);
  const [rows, columns] = map.grid;
  const seen = shareOf(map);
  const point = (event: PointerEvent): void => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const across = ((event.clientX - box.left) / box.width - seen.left) / seen.width;
    const down = ((event.clientY - box.top) / box.height - seen.top) / seen.height;
    const inside = across >= 0 && across < 1 && down >= 0 && down < 1;
    choose(inside ? [Math.floor(down * rows), Math.floor(across * columns)] : undefined);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') choose(undefined);
    if (!(event.key in steps)) return;
    event.preventDefault();
    const [row, column] = patch ?? [Math.floor(rows / 2), Math.floor(columns / 2)];
    const [down, across] = patch ? steps[event.key] : [0, 0];
    choose([within(row + down, rows), within(column + across, columns)]);
  };
  return (
    <figure class="stage">
      {title !== undefined && <figcaption>{title}</figcaption>}
      <div
        class="stage-picture"
        id={id}
        tabIndex={0}
        role="application"
        aria-roledescription="map of patches"
        aria-label={`${title ?? 'Map'} over the picture ${picture.name}. Arrow keys go from patch to patch.`}
        aria-describedby={`${id}-words`}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={() => {
          choose(undefined);
        }}
        onKeyDown={press}
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
      <ColourBar map={map} />
      <p class="readout" aria-live="polite">
        {patch
          ? `Row ${patch[0] + 1}, column ${patch[1] + 1}: ${number(map.values[patch[0] * columns + patch[1]])}`
          : 'Point at a patch, or go there with the arrow keys.'}
      </p>
      <p id={`${id}-words`} class="words">
        {model && mapInWords(map, model)}
      </p>
    </figure>
  );
}

function choose(patch: readonly [number, number] | undefined): void {
  const [row, column] = patch ?? [];
  const [before, beside] = store.now.patch ?? [];
  if (row !== before || column !== beside) store.set({ patch });
}

function within(place: number, count: number): number {
  return Math.min(count - 1, Math.max(0, place));
}

interface Share {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Where in the picture the model looked, as shares of it. */
export function shareOf({ geometry }: Pick<MapFacts, 'geometry'>): Share {
  const { left, top, right, bottom } = seenArea(geometry);
  const { width, height } = geometry.original;
  return { left: left / width, top: top / height, width: (right - left) / width, height: (bottom - top) / height };
}

/** A patch's place in the picture, for the page's style. */
export function boxOf(
  [row, column]: readonly [number, number],
  [rows, columns]: readonly [number, number],
  { left, top, width, height }: Share = { left: 0, top: 0, width: 1, height: 1 },
): Readonly<Record<string, string>> {
  const share = (value: number): string => `${100 * value}%`;
  return {
    left: share(left + (width * column) / columns),
    top: share(top + (height * row) / rows),
    width: share(width / columns),
    height: share(height / rows),
  };
}
