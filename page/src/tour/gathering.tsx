import { GridMap } from '../components/grid-map.js';
import type { Step, StepProps } from './step.js';

function Show({ model, tour }: StepProps) {
  const count = model.grid[0] * model.grid[1];
  return (
    <div class="blocks">
      {Array.from({ length: model.depth }, (_, block) => (
        <GridMap
          key={block}
          title={`After block ${block}`}
          values={tour.gathered.subarray(block * count, (block + 1) * count)}
          grid={model.grid}
        />
      ))}
    </div>
  );
}

export const gathering: Step = {
  title: 'What is classified gathers',
  sentence: ({ prefixTokens, depth }) =>
    prefixTokens > 0
      ? `One token stands for no patch, the class token: block by block, ${depth} times, it takes over what others hand it, and these maps follow back whose content it has by then.`
      : `In the end the mean of all patches is classified: block by block, ${depth} times, they take over each other’s content, and these maps follow back whose it has by then.`,
  Show,
};
