import { Canvas } from '../components/canvas.js';
import { useChosenPatch } from '../components/chosen-patch.js';
import { cut } from 'vitrine';
import { paintPicture } from '../draw/paint.js';
import { PatchPicker } from './patch-picker.js';
import type { Step, StepProps } from './step.js';
import { Strip } from './strip.js';

function Show({ model, picture, tour }: StepProps) {
  const [row, column] = useChosenPatch(model);
  const [width, height] = [picture.seen.width / model.grid[1], picture.seen.height / model.grid[0]];
  const token = row * model.grid[1] + column;
  return (
    <div class="scene">
      <PatchPicker model={model} picture={picture} />
      <div class="aside">
        <figure class="enlarged">
          <Canvas
            paint={(canvas) => {
              paintPicture(canvas, cut(picture.seen, { x: column * width, y: row * height, width, height }));
            }}
            of={[picture, row, column]}
          />
          <figcaption>
            {width} × {height} pixels in three colours: {3 * width * height} numbers
          </figcaption>
        </figure>
        <Strip
          title={`Its embedding: ${model.width} numbers`}
          values={tour.embedded.subarray(token * model.width, (token + 1) * model.width)}
        />
      </div>
    </div>
  );
}

export const patches: Step = {
  title: 'A picture becomes patches',
  sentence: ({ grid, width }) =>
    `The picture is cut into ${grid[0]} × ${grid[1]} patches, and one learnt matrix turns the pixels of each into ${width} numbers, its embedding: point at another patch, and see how they change.`,
  Show,
};
