import type { MethodFacts } from '../protocol.js';
import { sentence, spelled } from '../draw/words.js';
import { ask } from '../state/actions.js';
import { useStore } from '../state/state.js';

/** Those that most want, all others, and why the usual ones are missing where they are. */
export function MethodBar() {
  const model = useStore((state) => state.model);
  const method = useStore((state) => state.asked.method);
  if (!model) return null;
  const { methods, firstMethods, undefinedMethods } = model;
  const group = (label: string, fits: (one: MethodFacts) => boolean) => {
    const fitting = methods.filter(fits);
    if (fitting.length === 0) return null;
    return (
      <optgroup label={label}>
        {fitting.map(({ name, explains }) => (
          <option key={name} value={name} title={explains}>
            {spelled(name)}
          </option>
        ))}
      </optgroup>
    );
  };
  return (
    <>
      <div class="method-bar" role="group" aria-label="Method">
        {firstMethods.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={method === name}
            onClick={() => {
              ask({ method: name });
            }}
          >
            {spelled(name)}
          </button>
        ))}
        <select
          aria-label="All methods"
          class={firstMethods.includes(method) ? '' : 'chosen'}
          value={method}
          onChange={({ currentTarget }) => {
            ask({ method: currentTarget.value });
          }}
        >
          {group('Of the attention, whatever the class', ({ of, view }) => of === 'pass' && !view)}
          {group('Of a class', ({ of, view, name }) => of === 'class' && !view && !name.startsWith('libra-'))}
          {group(
            'Of a class, under rules that keep sums',
            ({ name, view }) => name.startsWith('libra-') && !view,
          )}
          {group('Views of what goes on inside', ({ view }) => view)}
        </select>
      </div>
      {undefinedMethods !== undefined && <p class="note">{sentence(undefinedMethods)}</p>}
    </>
  );
}
