import type { Command } from 'commander';
import { occlusion } from '../../explain/index.js';
import { chooseMethods, Occluder, type ComputedMap, type Explanation } from '../../pipeline/index.js';
import { drawMap, ofPicture } from '../../report/index.js';
import { addMethodOptions, givenOptions, wordingOf } from '../method-options.js';
import type { Experiment, RawExperimentOptions } from './experiment.js';
import { addLikeExplain } from './like-explain.js';

/** Every window of patches taken away once. */
const occlude: Experiment = {
  makers: (raw, config) => chooseMethods([occlusion], givenOptions(raw, [occlusion]), config, wordingOf(raw)),
  create: (subject, backend, options) => Occluder.create(subject, backend, options),
  draw: (picture, map, _words, colormap) => ofPicture(drawMap(picture, map as ComputedMap, colormap)),
  lines: strongest,
};

/** So many places are named. */
const FEW = 3;

/** Where most is lost, and where most is won. */
function strongest({ values, grid: [, columns] }: Explanation): readonly string[] {
  const order = [...values.keys()].sort((a, b) => values[b] - values[a]);
  const named = (places: readonly number[]): string =>
    places.map((at) => `${Math.floor(at / columns)},${at % columns} (${values[at].toFixed(3)})`).join('  ');
  return [
    `most is lost at  ${named(order.slice(0, FEW))}`,
    `least at         ${named(order.slice(-FEW).reverse())}`,
  ];
}

/** Adds `vitrine occlude`. */
export function addOccludeCommand(program: Command): void {
  const command = addLikeExplain(
    program,
    'occlude',
    'Take away each patch of a picture, or a window of them, before the model, and draw what the class loses.',
  );
  addMethodOptions(command, [occlusion]);
  command.action(async (pictures: string[], raw: RawExperimentOptions) => {
    const { runExperiment } = await import('./run.js');
    process.exitCode = await runExperiment(occlude, raw, pictures);
  });
}
