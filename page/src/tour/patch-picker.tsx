import { Canvas } from '../components/canvas.js';
import { useChosenPatch } from '../components/chosen-patch.js';
import { patchMoves } from '../components/patch-moves.js';
import { paintPicture } from '../draw/paint.js';
import { boxOf, whole } from '../draw/place.js';
import type { ModelFacts, PictureFacts } from '../protocol.js';

export interface PatchPickerProps {
  readonly model: ModelFacts;
  readonly picture: PictureFacts;
}

/** What the model sees, cut into its patches: pointer and arrow keys choose one. */
export function PatchPicker({ model, picture }: PatchPickerProps) {
  const [row, column] = useChosenPatch(model);
  const [rows, columns] = model.grid;
  return (
    <div
      class="picker"
      style={{ '--rows': String(rows), '--columns': String(columns) }}
      tabIndex={0}
      role="application"
      aria-roledescription="picture in patches"
      aria-label={`What the model sees, in ${rows} by ${columns} patches; row ${row + 1}, column ${column + 1} is chosen. Arrow keys choose another one.`}
      {...patchMoves(model.grid, whole)}
    >
      <Canvas
        paint={(canvas) => {
          paintPicture(canvas, picture.seen);
        }}
        of={[picture]}
      />
      <div class="patch" style={boxOf([row, column], model.grid)} />
    </div>
  );
}
