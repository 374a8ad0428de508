import { useState } from 'preact/hooks';
import { ofQuery } from '../draw/attention.js';
import { paintGrid } from '../draw/paint.js';
import { ask, toggleHead } from '../state/actions.js';
import { useStore } from '../state/state.js';
import { steps, within } from './arrow-keys.js';
import { Canvas } from './canvas.js';
import { HeadView } from './head-view.js';

/** Where each head looks for what is classified: a column for each block, a row for each of its heads. */
export function HeadGrid() {
  const model = useStore((state) => state.model);
  const inside = useStore((state) => state.inside);
  const without = useStore((state) => state.asked.without);
  const block = useStore((state) => state.asked.block);
  const [knocks, setKnocks] = useState(false);
  const [focused, setFocus] = useState<readonly [number, number]>([0, 0]);
  const [shown, setShown] = useState<readonly [number, number] | undefined>(undefined);
  if (!model || !inside) return null;
  const { depth, heads, grid } = model;
  // The model before may have had more.
  const focus = [within(focused[0], depth), within(focused[1], heads)] as const;
  const go = (event: KeyboardEvent): void => {
    if (!(event.key in steps)) return;
    event.preventDefault();
    const [down, across] = steps[event.key];
    const next = [within(focus[0] + across, depth), within(focus[1] + down, heads)] as const;
    setFocus(next);
    document.getElementById(idOf(next))?.focus();
  };
  const missing = (place: readonly [number, number]): boolean =>
    without.some(([b, h]) => b === place[0] && h === place[1]);
  return (
    <>
      <div class="row spread">
        <div class="segments" role="group" aria-label="What a click on a head does">
          <button
            type="button"
            aria-pressed={!knocks}
            onClick={() => {
              setKnocks(false);
            }}
          >
            Look closer
          </button>
          <button
            type="button"
            aria-pressed={knocks}
            onClick={() => {
              setKnocks(true);
            }}
          >
            Knock out
          </button>
        </div>
        {without.length > 0 && (
          <button
            type="button"
            class="plain"
            onClick={() => {
              ask({ without: [] });
            }}
          >
            Put {without.length === 1 ? 'it' : `all ${without.length}`} back
          </button>
        )}
      </div>
      <div
        class="head-grid"
        role="group"
        aria-label="Heads of all blocks. Arrow keys go from head to head."
        style={{ gridTemplateColumns: `auto repeat(${depth}, minmax(0, 1fr))` }}
        onKeyDown={go}
      >
        <span />
        {Array.from({ length: depth }, (_, row) => (
          <span key={row} class="head-row">
            {row}
          </span>
        ))}
        {Array.from({ length: heads }, (_, head) => [
          <span key={head} class="head-row">
            {head}
          </span>,
          ...Array.from({ length: depth }, (_, row) => {
            const place = [row, head] as const;
            const values = ofQuery(inside, { block: row, head }, model);
            const out = missing(place);
            return (
              <button
                key={`${row}.${head}`}
                id={idOf(place)}
                type="button"
                class={`head${out ? ' out' : ''}${row === block ? ' current' : ''}`}
                tabIndex={focus[0] === row && focus[1] === head ? 0 : -1}
                aria-pressed={knocks ? out : undefined}
                aria-label={`Block ${row}, head ${head}${out ? ', knocked out' : ''}`}
                onFocus={() => {
                  setFocus(place);
                }}
                onClick={() => {
                  if (knocks) toggleHead(place);
                  else {
                    ask({ block: row, head });
                    setShown(place);
                  }
                }}
              >
                {values && (
                  <Canvas
                    paint={(canvas) => {
                      paintGrid(canvas, values, grid, 'viridis');
                    }}
                    of={[inside]}
                  />
                )}
              </button>
            );
          }),
        ])}
      </div>
      <p class="note">
        A column for each block, the last one on the right, a row for each of its heads: where it looks for
        the answer.
      </p>
      {shown && (
        <HeadView
          place={shown}
          onClose={() => {
            setShown(undefined);
          }}
        />
      )}
    </>
  );
}

function idOf([block, head]: readonly [number, number]): string {
  return `head-${block}-${head}`;
}
