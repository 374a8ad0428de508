import { GridMap } from '../components/grid-map.js';
import { useChosenPatch } from '../components/chosen-patch.js';
import { PatchPicker } from './patch-picker.js';
import type { Step, StepProps } from './step.js';

function Show({ model, picture, tour }: StepProps) {
  const [row, column] = useChosenPatch(model);
  const count = model.grid[0] * model.grid[1];
  const token = row * model.grid[1] + column;
  return (
    <div class="scene">
      <PatchPicker model={model} picture={picture} />
      <GridMap
        title="How alike its position is to each other one"
        values={tour.positions.subarray(token * count, (token + 1) * count)}
        grid={model.grid}
        mark={[row, column]}
      />
    </div>
  );
}

export const positions: Step = {
  title: 'Each patch is told where it lies',
  sentence: () =>
    'To each embedding a learnt position is added, without which the model could not tell above from below: what it has learnt is that neighbours, and often rows and columns, are alike.',
  Show,
};
