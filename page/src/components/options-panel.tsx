import { sentence, spelled } from '../draw/words.js';
import { ask } from '../state/actions.js';
import { useStore } from '../state/state.js';
import { OptionControl } from './option-control.js';

/** How the method looks: its own options, what of a class is explained, and which method is beside it. */
export function OptionsPanel() {
  const model = useStore((state) => state.model);
  const asked = useStore((state) => state.asked);
  const method = model?.methods.find(({ name }) => name === asked.method);
  if (!model || !method) return null;
  return (
    <>
      <p class="note">
        {sentence(method.explains)}. Source:{' '}
        {method.url === undefined ? (
          method.cited
        ) : (
          <a href={method.url} target="_blank" rel="noreferrer" title={method.title}>
            {method.cited}
          </a>
        )}
      </p>
      {method.options.map((option) => (
        <OptionControl
          key={option.name}
          option={option}
          value={asked.options[option.name]}
          onChoose={(value) => {
            ask({ options: { ...asked.options, [option.name]: value } });
          }}
        />
      ))}
      {method.of === 'class' && model.output === 'classes' && (
        <label class="option">
          <span class="option-name">Target</span>
          <select
            aria-label="Target"
            value={asked.score}
            onChange={({ currentTarget }) => {
              ask({ score: currentTarget.value === 'logit' ? 'logit' : 'log-probability' });
            }}
          >
            <option value="logit">the class's logit</option>
            <option value="log-probability">its log-probability</option>
          </select>
        </label>
      )}
      <label class="option">
        <span class="option-name">Beside it</span>
        <select
          aria-label="Beside it"
          value={asked.beside ?? ''}
          onChange={({ currentTarget }) => {
            ask({ beside: currentTarget.value || undefined });
          }}
        >
          <option value="">nothing</option>
          {model.methods
            .filter(({ name, view }) => name !== asked.method && !view)
            .map(({ name }) => (
              <option key={name} value={name}>
                {spelled(name)}
              </option>
            ))}
        </select>
      </label>
    </>
  );
}
