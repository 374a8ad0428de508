import type { ModelFacts } from '../protocol.js';
import { ask } from '../state/actions.js';
import { useStore } from '../state/state.js';

/** The head that is looked at; the first of the block if all are as one. */
export function useHead(): { readonly block: number; readonly head: number } {
  const block = useStore((state) => state.asked.block);
  const head = useStore((state) => state.asked.head);
  return { block, head: head === 'mean' ? 0 : head };
}

export function HeadChooser({ model }: { readonly model: ModelFacts }) {
  const { block, head } = useHead();
  const choice = (what: string, count: number, chosen: number, choose: (number: number) => void) => (
    <label>
      {what}{' '}
      <select
        aria-label={what}
        value={String(chosen)}
        onChange={({ currentTarget }) => {
          choose(Number(currentTarget.value));
        }}
      >
        {Array.from({ length: count }, (_, number) => (
          <option key={number}>{number}</option>
        ))}
      </select>
    </label>
  );
  return (
    <div class="row">
      {choice('Block', model.depth, block, (number) => {
        ask({ block: number });
      })}
      {choice('Head', model.heads, head, (number) => {
        ask({ head: number });
      })}
    </div>
  );
}
