import type { Command } from 'commander';
import { deviceNames } from '../node/index.js';
import type { RawTrainOptions } from './train.js';

/** Adds `vitrine train`. */
export function addTrainCommand(program: Command): void {
  program
    .command('train')
    .description('Train a vision transformer on scenes that are made as it goes.')
    .requiredOption('--config <file>', 'what to train and how, as JSON')
    .option(
      '--resume [checkpoint]',
      'go on from a checkpoint in the output folder: last, or best on scenes never trained on (default: last)',
    )
    .option(
      '--out <dir>',
      "folder for checkpoints, log and curve (default: training/ and the configuration's name)",
    )
    .option('--device <name>', deviceNames.join(' | '), deviceNames[0])
    .option('--adapter <text>', "part of a WebGPU adapter's name")
    .option('--threads <number>', 'threads of native or wasm (default: the cores the process may use)')
    .action(async (raw: RawTrainOptions) => {
      // Loaded only when wanted: explaining needs none of it.
      const { train } = await import('./train.js');
      process.exitCode = await train(raw);
    });
}
