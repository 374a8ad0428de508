import type { ClassTarget, Prediction } from 'vitrine';
import { percent, uniqueNames } from '../draw/words.js';
import { ask } from '../state/actions.js';
import { useStore } from '../state/state.js';

/** The likeliest classes: click one to explain it, a second one to contrast it with the first. */
export function ClassList() {
  const answer = useStore((state) => state.answer);
  const model = useStore((state) => state.model);
  const asked = useStore((state) => state.asked.target);
  const target = answer?.map.target ?? asked;
  if (!model || !answer) return null;
  if (model.output !== 'classes') {
    return <p class="note">This model has no classes: what it explains is what becomes of its features.</p>;
  }
  const { predictions, after } = answer;
  const shares = after && softmax(after);
  const explained = indexOf(target) ?? predictions[0].index;
  const against = target.kind === 'contrast' ? target.against : undefined;
  const others = [explained, against].filter((index) => index !== undefined);
  const listed = withThose(predictions, others, answer.logits, model.labels);
  return (
    <>
      <ol class="classes">
        {listed.map((prediction) => {
          const { index, label, probability } = prediction;
          const without = shares?.[index];
          const isTarget = index === explained;
          return (
            <li key={index} class={isTarget ? 'chosen' : index === against ? 'against' : ''}>
              <button
                type="button"
                class="class"
                aria-pressed={isTarget}
                onClick={() => {
                  ask({ target: { kind: 'class', index } });
                }}
              >
                <span class="class-name">{label}</span>
                <span class="class-share">
                  {percent(probability)}
                  {without !== undefined && <b> → {percent(without)}</b>}
                </span>
                <span class="bar" aria-hidden="true">
                  <i style={{ width: `${100 * probability}%` }} />
                  {without !== undefined && <b style={{ width: `${100 * without}%` }} />}
                </span>
              </button>
              {!isTarget && (
                <button
                  type="button"
                  class="contrast"
                  aria-pressed={index === against}
                  aria-label={`vs ${label}`}
                  title={`Why ${model.labels[explained]} rather than ${label}`}
                  onClick={() => {
                    ask({
                      target:
                        index === against
                          ? { kind: 'class', index: explained }
                          : { kind: 'contrast', index: explained, against: index },
                    });
                  }}
                >
                  vs
                </button>
              )}
            </li>
          );
        })}
      </ol>
      <AnyClass labels={model.labels} />
    </>
  );
}

/** Without the heads that are knocked out. */
function softmax(logits: ArrayLike<number>): readonly number[] {
  const all = Array.from(logits);
  const highest = all.reduce((a, b) => Math.max(a, b));
  const total = all.reduce((sum, logit) => sum + Math.exp(logit - highest), 0);
  return all.map((logit) => Math.exp(logit - highest) / total);
}

function indexOf(target: ClassTarget): number | undefined {
  return target.kind === 'class' || target.kind === 'contrast' ? target.index : undefined;
}

/** Those that are explained are in the list, however unlikely they are. */
function withThose(
  predictions: readonly Prediction[],
  others: readonly number[],
  logits: ArrayLike<number>,
  labels: readonly string[],
): readonly Prediction[] {
  const missing = others.filter((index) => predictions.every((one) => one.index !== index));
  const [best] = predictions;
  const rest = missing.map((index) => ({
    index,
    label: labels[index],
    logit: logits[index],
    probability: best.probability * Math.exp(logits[index] - best.logit),
  }));
  return [...predictions, ...rest];
}

function AnyClass({ labels }: { readonly labels: readonly string[] }) {
  const names = uniqueNames(labels);
  const choose = (event: Event): void => {
    const field = event.currentTarget as HTMLInputElement;
    const index = names.indexOf(field.value);
    if (index < 0) return;
    field.value = '';
    ask({ target: { kind: 'class', index } });
  };
  return (
    <label class="any-class">
      <span class="unseen">Another class</span>
      <input type="search" list="all-classes" placeholder="Another class…" onChange={choose} />
      <datalist id="all-classes">
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </label>
  );
}
