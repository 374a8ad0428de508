import { paintGrid, type Fitting } from '../draw/paint.js';
import { number } from '../draw/words.js';
import { Canvas } from './canvas.js';
import { boxOf } from '../draw/place.js';

interface GridMapProps {
  readonly title: string;
  readonly values: ArrayLike<number>;
  readonly grid: readonly [rows: number, columns: number];
  readonly colours?: Fitting;
  /** A patch with a frame about it. */
  readonly mark?: readonly [row: number, column: number] | undefined;
}

/** A small map by itself. */
export function GridMap({ title, values, grid, colours = 'viridis', mark }: GridMapProps) {
  const all = Array.from(values);
  const strongest = all.indexOf(Math.max(...all));
  const place = `row ${Math.floor(strongest / grid[1]) + 1}, column ${(strongest % grid[1]) + 1}`;
  return (
    <figure class="grid-map">
      <div>
        <Canvas
          paint={(canvas) => {
            paintGrid(canvas, values, grid, colours);
          }}
          of={[values, colours]}
        />
        {mark && <div class="patch" style={boxOf(mark, grid)} />}
      </div>
      <figcaption>
        {title}
        <span class="unseen">
          : strongest at {place}, {number(all[strongest])}
        </span>
      </figcaption>
    </figure>
  );
}
