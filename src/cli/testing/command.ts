import type { Command } from 'commander';
import { defaultModelName, demoModel } from '../../models/index.js';
import { deviceNames } from '../../node/index.js';
import { setNames } from '../train-command.js';
import { testedParts, type RawTestOptions } from './options.js';

/** Adds `vitrine test`. */
export function addTestCommand(program: Command): void {
  program
    .command('test')
    .description('Measure how well a model classifies the pictures of a set.')
    .requiredOption(
      '--data <dir|name>',
      `a folder with a folder of pictures for each class, or a set, of: ${setNames.filter((name) => name !== 'scenes').join(', ')}`,
    )
    .option(
      '--part <name>',
      `of the set: ${testedParts.join(' | ')}; where it has no part for that, the fifth that a training leaves out`,
      testedParts[0],
    )
    .option(
      '--model <name>',
      `as for explain, or the folder of a training (default: ${defaultModelName} if its weights can be had, else ${demoModel.name}, which ships)`,
    )
    .option('--weights <file>', 'checkpoint, as for explain')
    .option('--image-size <size>', "height and width of the model's input, if not its own")
    .option('--labels <file>', 'names of the classes, instead of those that the model has')
    .option('--device <name>', deviceNames.join(' | '), deviceNames[0])
    .option('--adapter <text>', "part of a WebGPU adapter's name")
    .option('--threads <number>', 'threads of native or wasm (default: the cores the process may use)')
    .option('--out <dir>', 'folder for test.json and the confusion matrix as confusion.csv and .png', 'tests')
    .option('--json', 'print what is in test.json, and nothing else')
    .action(async (raw: RawTestOptions) => {
      // Loaded only when wanted: explaining needs none of it.
      const { test } = await import('./test.js');
      process.exitCode = await test(raw);
    });
}
