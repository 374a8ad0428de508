import type { MethodFacts } from '../protocol.js';
import { spelled } from '../draw/words.js';
import { ask } from '../state/actions.js';
import { useStore } from '../state/state.js';

const first = ['recommended', 'rollout', 'gradient-rollout'];

/** The three that most want, and all others. */
export function MethodBar() {
  const methods = useStore((state) => state.model?.methods);
  const method = useStore((state) => state.asked.method);
  if (!methods) return null;
  const group = (label: string, fits: (one: MethodFacts) => boolean) => (
    <optgroup label={label}>
      {methods.filter(fits).map(({ name, explains }) => (
        <option key={name} value={name} title={explains}>
          {spelled(name)}
        </option>
      ))}
    </optgroup>
  );
  return (
    <div class="method-bar" role="group" aria-label="Method">
      {first
        .filter((name) => methods.some((one) => one.name === name))
        .map((name) => (
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
        class={first.includes(method) ? '' : 'chosen'}
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
  );
}
