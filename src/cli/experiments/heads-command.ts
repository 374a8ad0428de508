import type { Command } from 'commander';
import { headEffects, headEffectsOnRollout } from '../../explain/index.js';
import { sizesOf } from '../../models/index.js';
import { HeadKnockOuts } from '../../pipeline/index.js';
import { fittingColormap, heatTable } from '../../report/index.js';
import { mayColour, tableOf } from './coloured-table.js';
import type { Experiment, RawExperimentOptions } from './experiment.js';
import { addLikeExplain } from './like-explain.js';

/** Every head knocked out once. */
const heads: Experiment = {
  makers: ({ meanAblate = false }, config) => {
    const given = { by: meanAblate ? 'mean' : 'zero' };
    return [headEffects, headEffectsOnRollout].map((method) => ({
      method,
      options: method.parse(given, sizesOf(config)),
    }));
  },
  create: (subject, backend, options) => HeadKnockOuts.create(subject, backend, options),
  draw: (_picture, map, words, colormap) =>
    heatTable(
      { values: map.values, grid: map.grid, axes: map.axes ?? ['block', 'head'], title: words },
      colormap ?? fittingColormap(map),
    ),
  lines: (explanation, colormap) => tableOf(explanation, colormap, mayColour()),
};

/** Adds `vitrine heads`. */
export function addHeadsCommand(program: Command): void {
  addLikeExplain(
    program,
    'heads',
    'Knock out every head of a model once: what the class loses without it, and how much of the rollout moves.',
  )
    .option('--mean-ablate', 'put the mean over the tokens in the place of a head, and not zeros')
    .action(async (pictures: string[], raw: RawExperimentOptions) => {
      const { runExperiment } = await import('./run.js');
      process.exitCode = await runExperiment(heads, raw, pictures);
    });
}
