import { ofPatch } from '../draw/attention.js';
import { ask } from '../state/actions.js';
import { useStore } from '../state/state.js';
import { GridMap } from './grid-map.js';

/** Where the patch under the pointer looks, and what looks at it, in the chosen block and head. */
export function PatchPanel() {
  const model = useStore((state) => state.model);
  const inside = useStore((state) => state.inside);
  const patch = useStore((state) => state.patch);
  const block = useStore((state) => state.asked.block);
  const head = useStore((state) => state.asked.head);
  if (!model) return null;
  const [row, column] = patch ?? [Math.floor(model.grid[0] / 2), Math.floor(model.grid[1] / 2)];
  const found = inside && ofPatch(inside, { block, head }, model, [row, column]);
  return (
    <>
      <div class="row">
        <label>
          Block{' '}
          <select
            aria-label="Block"
            value={String(block)}
            onChange={({ currentTarget }) => {
              ask({ block: Number(currentTarget.value) });
            }}
          >
            {Array.from({ length: model.depth }, (_, number) => (
              <option key={number}>{number}</option>
            ))}
          </select>
        </label>
        <label>
          Head{' '}
          <select
            aria-label="Head"
            value={String(head)}
            onChange={({ currentTarget: { value } }) => {
              ask({ head: value === 'mean' ? value : Number(value) });
            }}
          >
            <option value="mean">mean</option>
            {Array.from({ length: model.heads }, (_, number) => (
              <option key={number}>{number}</option>
            ))}
          </select>
        </label>
      </div>
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
