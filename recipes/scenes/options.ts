import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { UsageError } from 'vitrine';
import { spriteVendors, type SpriteVendor } from 'vitrine/train';
import { deviceNames, type DeviceName } from 'vitrine/node';

/** What the recipe is asked to do. */
export type Task =
  | {
      readonly kind: 'evaluate';
      readonly weights?: string;
      readonly vendor: SpriteVendor;
      readonly images: number;
      readonly device: DeviceName;
    }
  | {
      readonly kind: 'render';
      readonly file: string;
      readonly classes: readonly string[];
      readonly seed: number;
      readonly side: number;
    };

/**
 * @param words that were typed
 * @returns undefined if they asked for help, which has been printed
 * @throws UsageError that says in a line what is wrong and what is taken
 */
export function parseTask(words: readonly string[]): Task | undefined {
  if (words.length === 0) {
    throw new UsageError('Say what to do: evaluate or render; "npm run recipe -- --help" tells more.');
  }
  let task: Task | undefined;
  const program = recipe((asked) => {
    task = asked;
  });
  try {
    program.parse(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new UsageError(inALine(error.message));
  }
  return task;
}

function recipe(ask: (task: Task) => void): Command {
  const program = new Command('recipe').exitOverride().configureOutput({ writeErr: () => undefined });
  program
    .command('evaluate')
    .description('measure the model and its explanations on drawings it was never trained on')
    .option('--weights <file>', 'a checkpoint, instead of the model that ships')
    .addOption(new Option('--vendor <name>', 'of the drawings').choices(spriteVendors).default('fluent'))
    .option('--images <number>', 'scenes with one object, and as many with two', whole(1, 1e6), 1000)
    .addOption(new Option('--device <name>').choices(deviceNames).default('auto'))
    .action((options: Omit<Extract<Task, { kind: 'evaluate' }>, 'kind'>) => {
      ask({ kind: 'evaluate', ...options });
    });
  program
    .command('render')
    .description('draw an example: one object of each class, never trained on')
    .argument('<file>', 'the PNG to write')
    .argument('<classes...>', 'one to three classes, such as dog cat')
    .option('--seed <number>', 'which of many', whole(0, 2 ** 31 - 1), 1)
    .option('--side <pixels>', 'of the picture', whole(16, 4096), 480)
    .action((file: string, classes: string[], options: { seed: number; side: number }) => {
      ask({ kind: 'render', file, classes, ...options });
    });
  return program;
}

function whole(least: number, most: number): (given: string) => number {
  return (given) => {
    const value = /^\s*\d+\s*$/.test(given) ? Number(given) : NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

/** Commander's "error: unknown option '--run'\n(Did you mean --runs?)". */
function inALine(message: string): string {
  const [complaint, guess] = message.replace(/^error: /, '').split('\n') as [string, string?];
  const hint = guess?.replace(/^\(D(.*)\)$/, 'd$1') ?? '"npm run recipe -- --help" lists what there is.';
  return `${complaint.replace(/\.$/, '')}; ${hint}`;
}
