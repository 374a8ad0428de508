import { useEffect, useRef } from 'preact/hooks';
import { ask } from '../state/actions.js';
import { useStore } from '../state/state.js';
import { forming } from './forming.js';
import { gathering } from './gathering.js';
import { attention, vectors } from './heads.js';
import { patches } from './patches.js';
import { positions } from './positions.js';
import type { Step } from './step.js';
import { why } from './why.js';

const steps: readonly Step[] = [patches, positions, vectors, attention, gathering, forming, why];

/** From pixels to a class in seven steps, each of them live. */
export function Tour() {
  const number = useStore((state) => state.asked.step) ?? 0;
  const model = useStore((state) => state.model);
  const picture = useStore((state) => state.picture);
  const tour = useStore((state) => state.tour);
  const inside = useStore((state) => state.inside);
  const answer = useStore((state) => state.answer);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    title.current?.focus();
  }, [number]);
  const { title: words, sentence, Show } = steps[number];
  const go = (step: number | undefined) => () => {
    ask({ step });
  };
  return (
    <section class="tour" aria-label="Guided tour">
      <ol class="steps" aria-label="Steps">
        {steps.map((step, i) => (
          <li key={step.title}>
            <button
              type="button"
              aria-current={i === number ? 'step' : undefined}
              aria-label={`Step ${i + 1}: ${step.title}`}
              onClick={go(i)}
            />
          </li>
        ))}
      </ol>
      <h2 ref={title} tabIndex={-1}>
        <span>
          {number + 1} of {steps.length}
        </span>{' '}
        {words}
      </h2>
      {model && <p class="sentence">{sentence(model, answer?.predictions.at(0)?.label ?? 'its answer')}</p>}
      <div class="show">
        {model && picture && tour && inside && (
          <Show model={model} picture={picture} tour={tour} inside={inside} />
        )}
      </div>
      <div class="row spread">
        <button type="button" class="plain" disabled={number === 0} onClick={go(number - 1)}>
          Back
        </button>
        <button type="button" class="plain" onClick={go(undefined)}>
          Explore freely
        </button>
        {number < steps.length - 1 ? (
          <button type="button" class="main" onClick={go(number + 1)}>
            Next
          </button>
        ) : (
          <button type="button" class="main" onClick={go(undefined)}>
            Now explore
          </button>
        )}
      </div>
    </section>
  );
}
