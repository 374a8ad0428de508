import { ofPatch } from '../draw/attention.js';
import { useStore } from '../state/state.js';
import { middleOf } from './arrow-keys.js';
import { GridMap } from './grid-map.js';
import { HeadChooser } from './head-chooser.js';

/** Where the patch under the pointer looks, and what looks at it, in the chosen block and head. */
export function PatchPanel() {
  const model = useStore((state) => state.model);
  const inside = useStore((state) => state.inside);
  const patch = useStore((state) => state.patch);
  const block = useStore((state) => state.asked.block);
  const head = useStore((state) => state.asked.head);
  if (!model) return null;
  const [row, column] = patch ?? middleOf(model.grid);
  const found = inside && ofPatch(inside, { block, head }, model, [row, column]);
  return (
    <>
      <HeadChooser model={model} withMean />
      {found && (
        <div class="pair">
          <GridMap title="It looks at" values={found.from} grid={model.grid} mark={[row, column]} />
          <GridMap title="Looks at it" values={found.to} grid={model.grid} mark={[row, column]} />
        </div>
      )}
      <p class="note">
        {patch
          ? `Row ${row + 1}, column ${column + 1}, under the pointer.`
          : 'The middle patch; point at another one.'}
      </p>
    </>
  );
}
