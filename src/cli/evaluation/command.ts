import type { Command } from 'commander';
import { measureGroups } from '../../evaluate/index.js';
import { defaultModelName, demoModel } from '../../models/index.js';
import { deviceNames } from '../../node/index.js';
import { addMethodOptions } from '../method-options.js';
import type { RawEvaluateOptions } from './options.js';

/** Adds `vitrine evaluate`. */
export function addEvaluateCommand(program: Command): void {
  const command = program
    .command('evaluate')
    .description('Measure explanations on the pictures of a folder, beside maps that know nothing of them.')
    .requiredOption(
      '--data <dir>',
      'folder: an index.json, images and masks, Oxford-IIIT Pet, PASCAL VOC, ImageNet-S, or pictures alone',
    )
    .option('--only <pattern>', 'pictures whose names fit this regular expression, instead of all')
    .option(
      '--measure <names>',
      `one or several, separated by commas: ${Object.keys(measureGroups).join(' | ')}, or a measure by its name (default: localisation where there are masks, else faithfulness)`,
    )
    .option(
      '--method <names>',
      'as for explain, but views: these give several maps (default: each that makes one map in one run)',
      'all',
    )
    .option('--target <targets>', 'what of a class is explained: logit, logprob, or both', 'logit')
    .option(
      '--fit <name>',
      'model: pictures are cropped as the model asks for; whole: nothing is cut off, proportions are lost (default: whole for pictures of the size of the input)',
    )
    .option(
      '--model <name>',
      `as for explain (default: ${defaultModelName} if its weights can be had, else ${demoModel.name}, which ships)`,
    )
    .option('--weights <file>', 'checkpoint, as for explain')
    .option('--image-size <size>', "height and width of the model's input, if not its own")
    .option('--labels <file>', 'names of the classes, instead of those that the model has');
  addMethodOptions(command);
  command
    .option('--device <name>', deviceNames.join(' | '), deviceNames[0])
    .option('--adapter <text>', "part of a WebGPU adapter's name")
    .option('--threads <number>', 'threads of native or wasm (default: the cores the process may use)')
    .option('--out <dir>', 'folder for results, tables and chart, made if it does not exist', 'evaluation')
    .option('--force', 'begin anew where the folder holds results of another evaluation')
    .option('--json', 'print the table as one JSON document, and nothing else')
    .action(async (raw: RawEvaluateOptions) => {
      // Loaded only when wanted: explaining needs none of it.
      const { evaluate } = await import('./evaluate.js');
      process.exitCode = await evaluate(raw);
    });
}
