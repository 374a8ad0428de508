import type { ModelFacts } from '../protocol.js';
import { ask } from '../state/actions.js';
import { useStore } from '../state/state.js';
import { Select } from './select.js';

/** The head that is looked at; the first of the block if all are as one. */
export function useHead(): { readonly block: number; readonly head: number } {
  const block = useStore((state) => state.asked.block);
  const head = useStore((state) => state.asked.head);
  return { block, head: head === 'mean' ? 0 : head };
}

interface HeadChooserProps {
  readonly model: ModelFacts;
  /** Whether the mean of all heads can be chosen, too. */
  readonly withMean?: boolean;
}

/** What is looked at: a block, and one of its heads. */
export function HeadChooser({ model, withMean = false }: HeadChooserProps) {
  const { block, head } = useHead();
  const isMean = useStore((state) => state.asked.head === 'mean');
  const choice = (what: string, names: readonly string[], chosen: string, choose: (name: string) => void) => (
    <label>
      {what} <Select label={what} names={names} chosen={chosen} onChoose={choose} />
    </label>
  );
  const heads = [...(withMean ? ['mean'] : []), ...numbersTo(model.heads)];
  return (
    <div class="row">
      {choice('Block', numbersTo(model.depth), String(block), (name) => {
        ask({ block: Number(name) });
      })}
      {choice('Head', heads, withMean && isMean ? 'mean' : String(head), (name) => {
        ask({ head: name === 'mean' ? name : Number(name) });
      })}
    </div>
  );
}

function numbersTo(count: number): readonly string[] {
  return Array.from({ length: count }, (_, number) => String(number));
}
