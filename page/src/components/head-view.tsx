import { ofQuery } from '../draw/attention.js';
import { paintMap } from '../draw/paint.js';
import { mapInWords } from '../draw/words.js';
import type { HeadPlace } from '../protocol.js';
import { toggleHead } from '../state/actions.js';
import { useStore } from '../state/state.js';
import { Canvas } from './canvas.js';
import { ColourBar } from './colour-bar.js';
import { Dialog } from './dialog.js';

/** One head, large, over the picture. */
export function HeadView({ place, onClose }: { readonly place: HeadPlace; readonly onClose: () => void }) {
  const model = useStore((state) => state.model);
  const inside = useStore((state) => state.inside);
  const picture = useStore((state) => state.picture);
  const answer = useStore((state) => state.answer);
  const without = useStore((state) => state.asked.without);
  const [block, head] = place;
  const values = model && inside && ofQuery(inside, { block, head }, model);
  if (!model || !picture || !answer || !values) return null;
  const out = without.some(([b, h]) => b === block && h === head);
  const { geometry } = picture;
  const map = {
    method: 'attention',
    options: {},
    shows: 'positive',
    target: undefined,
    grid: model.grid,
    values,
    geometry,
  } as const;
  return (
    <Dialog title={`Block ${block}, head ${head}`} onClose={onClose}>
      <figure class="stage">
        <div class="stage-picture" style={{ '--ratio': String(picture.width / picture.height) }}>
          <Canvas
            paint={(canvas) => {
              paintMap(canvas, picture.shown, map, 0.8);
            }}
            of={[values, picture]}
          />
        </div>
        <ColourBar map={map} />
        <p class="words">{mapInWords(map, model)}</p>
      </figure>
      <button
        type="button"
        class="main"
        aria-pressed={out}
        onClick={() => {
          toggleHead(place);
        }}
      >
        {out ? 'Put this head back' : 'Knock this head out'}
      </button>
    </Dialog>
  );
}
