import { percent } from '../draw/words.js';
import type { Step, StepProps } from './step.js';
import { useMap } from './use-map.js';

const shown = 3;

function Show({ picture }: StepProps) {
  const answer = useMap('logit-lens', { kind: 'rank', rank: 0 }, picture);
  const { captions = [], readings = [] } = answer?.map ?? {};
  return (
    <ol class="forming">
      {captions.map((caption, block) => (
        <li key={caption}>
          <h3>{caption}</h3>
          {readings[block].slice(0, shown).map(({ index, label, probability }) => (
            <p key={index}>
              <span>{label}</span>
              <span class="bar" aria-hidden="true">
                <i style={{ width: `${100 * probability}%` }} />
              </span>
              <span class="class-share">{percent(probability)}</span>
            </p>
          ))}
        </li>
      ))}
    </ol>
  );
}

export const forming: Step = {
  title: 'The prediction forms',
  sentence: (_model, likeliest) =>
    `If the model ended after each block, this is what its classifier would say: mostly guesses at first, and only in the last blocks “${likeliest}”.`,
  Show,
};
