import type { Command } from 'commander';
import { deviceNames } from '../../node/index.js';
import type { RawStudyOptions } from './options.js';

/** Adds `vitrine study`. */
export function addStudyCommand(program: Command): void {
  program
    .command('study')
    .description('Train variations of a model, one change at a time, and compare what they are worth.')
    .requiredOption('--config <file>', 'the training, its variations and seeds, as JSON')
    .option('--out <dir>', "folder for runs and tables (default: training/ and the configuration's name)")
    .option('--processes <number>', 'how many runs at a time, each in a process of its own', '1')
    .option('--only <run>', 'one run alone, by its name and seed, such as baseline/1, and no table')
    .option('--table', 'run nothing; table and pictures of the runs that are finished')
    .option('--device <name>', deviceNames.join(' | '), deviceNames[0])
    .option('--adapter <text>', "part of a WebGPU adapter's name")
    .option('--threads <number>', 'threads of native or wasm, of each run', '1')
    .action(async (raw: RawStudyOptions) => {
      // Loaded only when wanted: explaining needs none of it.
      const { study } = await import('./study.js');
      process.exitCode = await study(raw);
    });
}
