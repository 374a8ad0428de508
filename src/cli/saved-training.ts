import { UsageError } from '../errors.js';
import type { CheckpointName, SavedTraining, SetMark, TrainingFiles } from '../node/index.js';
import { areScenes, type TrainConfig } from '../train/index.js';
import { toPerson } from './paths.js';

/** A training that is gone on with. */
export interface ResumedTraining extends SavedTraining {
  readonly from: CheckpointName;
  /** What is set otherwise from now on, for the person: `"learningRate" 0.001 instead of 0.01`. */
  readonly changes: readonly string[];
}

/**
 * Finds the training that is to be resumed.
 * @param about the configuration, and by what the set is known again
 * @param resume from which checkpoint; undefined if a new one is to begin
 * @param folder of the files, for messages
 * @throws UsageError if there is a training and none is to be resumed, or one with another configuration or
 *   another set, of which pictures to measure on may have been learned from
 */
export async function findSaved(
  files: TrainingFiles,
  { config, mark }: { readonly config: TrainConfig; readonly mark: SetMark | undefined },
  resume: CheckpointName | undefined,
  folder: string,
): Promise<ResumedTraining | undefined> {
  if (resume === undefined) {
    if (!files.exist()) return undefined;
    throw new UsageError(
      `${folder} already holds a training; go on with it by --resume, or name another folder with --out.`,
    );
  }
  const saved = await files.read(resume);
  const changed = differences(decisive(config), decisive(saved.config));
  // Lengths in epochs follow from how many pictures there are: what is said is what they follow from.
  const isAsDivided = !changed.includes('data') && !changed.includes('seed');
  if (saved.set && mark && isAsDivided && saved.set.hash !== mark.hash) {
    const [before, now] = [saved.set.pictures, mark.pictures];
    throw new UsageError(
      `The training in ${folder} was begun on ${before} pictures, and ${toPerson(config.data.set)} has ` +
        `${now === before ? 'as many of other names or classes' : String(now)} now, so that what is measured on may have been ` +
        'learned from: give it the pictures it had, or name another folder with --out.',
    );
  }
  if (changed.length > 0) {
    throw new UsageError(
      `The training in ${folder} was begun with another ${changed.map((name) => `"${name}"`).join(', ')}; ` +
        'resume it with the configuration it was begun with, or name another folder with --out.',
    );
  }
  if (config.steps < saved.step) {
    throw new UsageError(
      `The training in ${folder} is at step ${saved.step}, and "steps" are ${config.steps} now; ask for more, or name another ` +
        'folder with --out.',
    );
  }
  const changes = adjustable
    .filter((name) => config[name] !== saved.config[name])
    .map((name) => `"${name}" ${config[name]} instead of ${saved.config[name]}`);
  return { ...saved, from: resume, changes };
}

/** What a training may be resumed with otherwise: one that diverged with smaller steps, one that is done with more. */
const adjustable = ['steps', 'warmup', 'learningRate', 'finalLearningRate', 'clip'] as const;

/**
 * A configuration without what may change on the way: where the drawings lie, when files are written, and how large steps
 * are.
 */
function decisive(config: TrainConfig): TrainConfig {
  return {
    ...config,
    data: areScenes(config.data) ? { ...config.data, packages: '' } : config.data,
    checkpointEvery: 1,
    ...Object.fromEntries(adjustable.map((name) => [name, 0])),
  };
}

function differences(one: TrainConfig, other: TrainConfig): (keyof TrainConfig)[] {
  const names = Object.keys({ ...one, ...other }) as (keyof TrainConfig)[];
  return names.filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]));
}
