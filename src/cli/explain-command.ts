import { type Command } from 'commander';
import { methods } from '../explain/index.js';
import { colormapNames } from '../image/index.js';
import { defaultModelName, demoModel } from '../models/index.js';
import { deviceNames } from '../node/index.js';
import { featureTargets, strips } from '../pipeline/index.js';
import { scales } from '../report/index.js';
import type { RawExplainOptions } from './explain-options.js';
import { explainAll } from './explain.js';
import { animationFormats } from './figures.js';
import { addMethodOptions } from './method-options.js';
import { selfCheck } from './self-check.js';

/** Adds `vitrine explain`. */
export function addExplainCommand(program: Command): void {
  const list = (names: readonly string[]): string => names.join(' | ');
  const names = methods.map(({ name }) => name);
  const command = program
    .command('explain')
    .description('Draw what a vision transformer looked at over each picture, and write the map as JSON.')
    .argument('[pictures...]', 'pictures to explain, like --image')
    .option(
      '--image <path...>',
      'pictures to explain: PNG, JPEG, WebP, TIFF, GIF, AVIF, BMP, PPM; - for the standard input',
    )
    .option(
      '--model <name>',
      `one that "vitrine models" lists, hf:OWNER/NAME[@REVISION], or the path of a folder or a checkpoint (default: ${defaultModelName} if its weights can be had, else ${demoModel.name}, which ships)`,
    )
    .option('--weights <file>', 'checkpoint (safetensors, PyTorch, NumPy), instead of searching for one')
    .option(
      '--image-size <size>',
      "height and width of the model's input, such as 384 or 384x512, if not its own",
    )
    .option(
      '--labels <file>',
      'names of the classes, one a line or JSON, instead of those that the model has',
    )
    .option(
      '--method <names>',
      `one or several, separated by commas: ${list(names)}; libra-NAME for one of a class under rules that keep sums; all: each that makes one map in one run; views: each that makes several (default: rollout and recommended, in one panel)`,
    )
    .option(
      '--class <classes>',
      'index, name, topK, or a contrast such as 87-161 or dog..cat, separated by commas (default: the most probable class); ' +
        'some methods are the same for every class',
    );
  command.option(
    '--target <targets>',
    `what to explain: logit or logprob of a class (default: logit); of a model without classes, separated by commas, ${featureTargets} (how alike the two pictures are)`,
  );
  addMethodOptions(command);
  command
    .option('--device <name>', list(deviceNames), deviceNames[0])
    .option('--adapter <text>', "part of a WebGPU adapter's name")
    .option('--threads <number>', 'threads of the native backend (default: the cores the process may use)')
    .option(
      '--colormap <name>',
      `${list(colormapNames)} (default: turbo; rdbu_r for signed maps, gray for channels)`,
    )
    .option('--panel', 'one picture of all maps, and not one of each')
    .option(
      '--strip <name>',
      `one picture of the method at every layer, every head, or both: ${list(strips)}`,
    )
    .option(
      '--sweep <values>',
      'one picture of an option with each of its values: discard-ratio=0:0.9:0.1, head-fusion=mean,max',
    )
    .option(
      '--scale <name>',
      `which maps of --strip and --sweep share a scale: ${list(scales)} (default: ${scales[0]})`,
    )
    .option(
      '--animation <format>',
      `also the maps of --strip or --sweep one after the other: ${list(animationFormats)}`,
    )
    .option('--out <dir>', 'folder for the results, made if it does not exist', 'explanations')
    .option('--force', 'replace files of the same names that are of other pictures or not of vitrine')
    .option('--self-check', 'check whether the device computes correctly, and do nothing else')
    .option('--json', 'print a JSON document of each picture, one a line, and nothing else')
    .action(async (pictures: string[], raw: RawExplainOptions) => {
      process.exitCode = raw.selfCheck ? await selfCheck(raw) : await explainAll(raw, pictures);
    });
}
