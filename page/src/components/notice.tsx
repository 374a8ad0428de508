import { percent, megabytes } from '../draw/words.js';
import type { Progress } from '../protocol.js';
import { store, useStore } from '../state/state.js';

/** What is under way, and what went wrong. */
export function Notice() {
  const busy = useStore((state) => state.busy);
  const problem = useStore((state) => state.problem);
  return (
    <div class="notices">
      <div role="status" class={busy ? 'busy' : 'unseen'}>
        {busy && (
          <>
            <span>
              {busy.what}
              {busy.progress && inWords(busy.progress)}…
            </span>
            {busy.progress && busy.progress.total > 1 && (
              <progress aria-label={busy.what} max={busy.progress.total} value={busy.progress.done} />
            )}
            {busy.cancel && (
              <button type="button" class="plain" onClick={busy.cancel}>
                Cancel
              </button>
            )}
          </>
        )}
      </div>
      {problem !== undefined && (
        <div role="alert" class="problem">
          <span title={problem}>{problem.split('\n')[0].replace(/:$/, '.')}</span>
          <button
            type="button"
            class="plain"
            onClick={() => {
              store.set({ problem: undefined });
            }}
          >
            Close
          </button>
        </div>
      )}
    </div>
  );
}

function inWords({ stage, done, total }: Progress): string {
  if (stage === 'download') return `: ${megabytes(done)} of ${megabytes(total)}`;
  if (stage === 'compile') return ': preparing the kernels';
  return total > 1 ? `: ${percent(done / total)}` : '';
}
