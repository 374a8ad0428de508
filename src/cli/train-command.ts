import type { Command } from 'commander';
import { deviceNames, labelledLayouts } from '../node/index.js';
import { presetNames, usualPreset } from '../train/index.js';
import type { RawTrainOptions } from './train-options.js';

/** What --data takes beside folders. */
export const setNames = [
  ...labelledLayouts.filter(({ home }) => home !== undefined).map(({ name }) => name),
  'scenes',
];

/** Adds `vitrine train`. */
export function addTrainCommand(program: Command): void {
  program
    .command('train')
    .description(
      'Train a vision transformer on your pictures, on a set that is well known, or on drawn scenes.',
    )
    .option(
      '--data <dir|name>',
      `what to train on: a folder with a folder of pictures for each class, or a set, of: ${setNames.join(', ')}`,
    )
    .option(
      '--from <model>',
      'a model to fine-tune, as --model of explain takes it: it gets a new head for the classes of the data',
    )
    .option('--classes <number>', 'how many classes the data must have; as many as it has if left out')
    .option(
      '--freeze <modules>',
      'what stays as it is, separated by commas: backbone for all but the head, or names such as patch_embed,blocks.0',
    )
    .option('--image-size <pixels>', "height and width of the input, if not the model's own")
    .option('--config <file>', 'what to train and how, as JSON')
    .option(
      '--preset <name>',
      `a whole set of settings, which a configuration changes, of: ${presetNames.join(', ')} (default: ${usualPreset}, without a configuration)`,
    )
    .option('--epochs <number>', 'how often each picture is seen')
    .option(
      '--resume [checkpoint]',
      'go on from a checkpoint in the output folder: last, or best on pictures never trained on (default: last)',
    )
    .option(
      '--out <dir>',
      "folder for checkpoints, log and curve (default: training/ and the configuration's name)",
    )
    .option('--device <name>', deviceNames.join(' | '), deviceNames[0])
    .option('--adapter <text>', "part of a WebGPU adapter's name")
    .option('--threads <number>', 'threads of native or wasm (default: the cores the process may use)')
    .option('--workers <number>', 'threads that read and change pictures beside that', '1')
    .action(async (raw: RawTrainOptions) => {
      // Loaded only when wanted: explaining needs none of it.
      const { train } = await import('./train.js');
      process.exitCode = await train(raw);
    });
}
