import { useChosenPatch } from '../components/chosen-patch.js';
import { GridMap } from '../components/grid-map.js';
import { HeadChooser, useHead } from '../components/head-chooser.js';
import { ofPatch } from '../draw/attention.js';
import { percent } from '../draw/words.js';
import { PatchPicker } from './patch-picker.js';
import type { Step, StepProps } from './step.js';
import { Strip } from './strip.js';

function ShowVectors({ model, picture, tour }: StepProps) {
  const { head } = useHead();
  const [row, column] = useChosenPatch(model);
  const { headWidth, prefixTokens, grid } = model;
  const tokens = prefixTokens + grid[0] * grid[1];
  const token = prefixTokens + row * grid[1] + column;
  const vector = (of: Float32Array): Float32Array => {
    const start = (head * tokens + token) * headWidth;
    return of.subarray(start, start + headWidth);
  };
  const start = (head * tokens + token) * tokens + prefixTokens;
  return (
    <div class="scene">
      <PatchPicker model={model} picture={picture} />
      <div class="aside">
        <HeadChooser model={model} />
        <Strip title="Query: what it seeks" values={vector(tour.query)} />
        <Strip title="Key: what it can be found by" values={vector(tour.key)} />
        <Strip title="Value: what it hands on" values={vector(tour.value)} />
        <GridMap
          title="How well each patch's key fits its query"
          values={tour.scores.subarray(start, start + grid[0] * grid[1])}
          grid={grid}
          mark={[row, column]}
        />
      </div>
    </div>
  );
}

export const vectors: Step = {
  title: 'One head: query, key and value',
  sentence: ({ heads, depth, headWidth }) =>
    `In each of ${depth} blocks, each of ${heads} heads makes three vectors of ${headWidth} numbers of every patch: a query for what it seeks, a key by which it is found, and a value to hand on.`,
  Show: ShowVectors,
};

function ShowAttention({ model, picture, inside }: StepProps) {
  const { block, head } = useHead();
  const [row, column] = useChosenPatch(model);
  const found = ofPatch(inside, { block, head }, model, [row, column]);
  if (!found) return null;
  const strongest = Math.max(...found.from);
  const kept = found.from.reduce((sum, share) => sum + share, 0);
  return (
    <div class="scene">
      <PatchPicker model={model} picture={picture} />
      <div class="aside">
        <HeadChooser model={model} />
        <GridMap title="What it attends to" values={found.from} grid={model.grid} mark={[row, column]} />
        <p class="note">
          The most it takes of one patch is {percent(strongest)}; all patches together have {percent(kept)}
          {model.prefixTokens > 0 && `, tokens without a patch ${percent(1 - kept)}`}.
        </p>
      </div>
    </div>
  );
}

export const attention: Step = {
  title: 'Attention: who listens to whom',
  sentence: () =>
    'The softmax turns how well keys fit into shares that add up to one: so much of each other patch’s value is taken over, and that is all that patches ever learn of each other.',
  Show: ShowAttention,
};
