import { useState } from 'preact/hooks';
import { Stage } from '../components/stage.js';
import type { Step, StepProps } from './step.js';
import { useMap } from './use-map.js';

function Show({ picture }: StepProps) {
  const [rank, setRank] = useState(0);
  const looked = useMap('rollout', { kind: 'rank', rank: 0 }, picture);
  const first = looked?.predictions.slice(0, 3) ?? [];
  const index = first.at(rank)?.index ?? 0;
  const spoke = useMap('recommended', { kind: 'class', index }, picture);
  if (!looked) return null;
  return (
    <>
      <div class="segments" role="group" aria-label="Class">
        {first.map(({ label }, i) => (
          <button
            key={label}
            type="button"
            aria-pressed={i === rank}
            onClick={() => {
              setRank(i);
            }}
          >
            Why {label}?
          </button>
        ))}
      </div>
      <div class="stages three">
        <Stage id="looked" map={looked.map} picture={picture} title="What was looked at" />
        {spoke && (
          <Stage id="spoke" map={spoke.map} picture={picture} title={`What spoke for ${first[rank].label}`} />
        )}
      </div>
    </>
  );
}

export const why: Step = {
  title: 'Why this class?',
  sentence: () =>
    'Attention alone is the same whatever is asked; run backwards from one class, the model tells what spoke for it, in red, and what against it, in blue.',
  Show,
};
