import type { Command } from 'commander';
import { activationMaximisation, unitSpellings } from '../explain/index.js';
import { defaultModelName, demoModel } from '../models/index.js';
import { deviceNames } from '../node/index.js';
import type { RawDreamOptions } from './dream-options.js';
import { dream } from './dream.js';
import { addMethodOptions } from './method-options.js';

/** Adds `vitrine dream`. */
export function addDreamCommand(program: Command): void {
  const command = program
    .command('dream')
    .description(
      'Draw what a model has learnt: a picture, made from noise, that excites one part of it most.',
    )
    .requiredOption(
      '--unit <unit>',
      `what to excite: ${unitSpellings}; a logit also by the name of its class`,
    )
    .option(
      '--model <name>',
      `as for explain (default: ${defaultModelName} if its weights can be had, else ${demoModel.name}, which ships)`,
    )
    .option('--weights <file>', 'checkpoint, instead of searching for one')
    .option('--image-size <size>', "height and width of the model's input, if not its own")
    .option('--labels <file>', 'names of the classes, instead of those that the model has');
  addMethodOptions(command, [activationMaximisation]);
  command
    .option('--every <number>', 'also keep the picture after every so many steps, each in a file of its own')
    .option('--device <name>', deviceNames.join(' | '), deviceNames[0])
    .option('--adapter <text>', "part of a WebGPU adapter's name")
    .option('--threads <number>', 'threads of native or wasm (default: the cores the process may use)')
    .option('--out <dir>', 'folder for the results, made if it does not exist', 'explanations')
    .option('--force', 'replace files of the same names that are of other weights or not of vitrine')
    .option('--json', 'print the JSON document, and nothing else')
    .action(async (raw: RawDreamOptions) => {
      process.exitCode = await dream(raw);
    });
}
